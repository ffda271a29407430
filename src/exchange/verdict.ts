/** What a response says of the credential that it answers: accepted, refused or silent (SEC-25, SEC-26). */

import { AuthError } from '../errors.js';
import type { Answer, Challenge, CredentialRequest } from '../model.js';
import { type Attempt, type Conversation, noteVerdict } from './conversation.js';
import { orGiveUp } from './flight.js';
import { Lane } from './lane.js';
import { realmText } from './realm.js';
import { tellVerdict } from './tell.js';
import { urlOf } from './trace.js';
import type { Reply } from './wire.js';

// How long a request is held up by a provider that hears a verdict. A person who is asked may take longer.
const PATIENCE = 5000;

/** What to do about a 401 that came after an answer; `undefined`: find a credential. */
export type Judgement = 'stale' | { readonly again: Answer } | { readonly final: string } | undefined;

/** Reads a 401 that came after `attempt`, and tells the provider if it is a refusal. */
export async function judge(
  conversation: Conversation,
  attempt: Attempt,
  reply: Reply<unknown>,
  challenges: readonly Challenge[],
): Promise<Judgement> {
  const { session, space, lane } = attempt;
  const { answer } = lane;
  const challenge = challenges.find(({ scheme, params }) => {
    return scheme === session.scheme.name && (params.realm ?? session.realm) === session.realm;
  });
  if (!challenge || !reply.authorization) {
    session.lanes?.give(lane);
    return silence(conversation, 'it is about something else');
  }
  const refusal = session.scheme.refusal(challenge, answer);
  if (refusal.kind === 'final') {
    silence(conversation, refusal.reason);
    return { final: refusal.reason };
  }
  session.lanes?.close(lane);
  if (refusal.kind === 'stale') {
    space.suspect(session, lane, { stale: true, own: !attempt.borrowed });
    return renewal(conversation, 'the nonce is stale');
  }
  if (refusal.kind === 'again') {
    noteVerdict(conversation, 'silent', refusal.reason);
    return { again: refusal.answer };
  }
  // Not every server says stale: a nonce from elsewhere that is answered with a new one may just have run out.
  const isNew = answer.nonce !== undefined && challenge.params.nonce !== answer.nonce;
  if (isNew && (attempt.borrowed || (session.proven && lane.overlapped))) {
    space.suspect(session, lane, { stale: false, own: !attempt.borrowed });
    return renewal(conversation, 'the server wants a fresh nonce');
  }
  noteVerdict(conversation, 'refused', 'not stale');
  const isNews = space.refuse(session);
  conversation.endTrial();
  if (isNews) await tell(conversation, attempt, 'reject');
  return undefined;
}

/** Reads the last response of an exchange. @throws AuthError ERR_AUTH_MUTUAL */
export async function conclude(conversation: Conversation, attempt: Attempt, reply: Reply<unknown>): Promise<void> {
  const { space, session, lane } = attempt;
  const { authorization, target, status } = reply;
  if (!authorization || target?.origin !== space.origin) {
    session.lanes?.give(lane);
    silence(conversation, 'the authorization did not reach the server that answered');
    return;
  }
  confirm(conversation, attempt, reply);
  session.lanes?.give(lane);
  if (status >= 400) {
    silence(conversation, `${status} says nothing about the credential`);
    return;
  }
  noteVerdict(conversation, 'accepted', `${status}`);
  const isNews = space.accept(session, authorization.nc);
  conversation.endTrial();
  if (isNews) await tell(conversation, attempt, 'approve');
}

/** `Authentication-Info`: the server's proof, and the nonce for the next request (RFC 7616 §3.5). */
function confirm({ rules, recorder }: Conversation, attempt: Attempt, reply: Reply<unknown>): void {
  const { space, session, lane } = attempt;
  const { authorization, authenticationInfo, status } = reply;
  if (rules.mutual === 'off' || !authorization?.confirm) return;
  const { mutual, next } = authorization.confirm(authenticationInfo ?? '', reply.body());
  if (mutual === false || (rules.mutual === 'require' && !mutual && status < 400)) {
    if (space.session === session) space.session = undefined;
    const reason = mutual === false ? 'sent a wrong rspauth' : 'sent no rspauth';
    recorder.record({ type: 'end', status, code: 'ERR_AUTH_MUTUAL', reason: `the server ${reason}` });
    throw new AuthError('ERR_AUTH_MUTUAL', `${space.origin} ${reason}: it does not prove that it knows the password`, {
      response: reply.outcome,
    });
  }
  if (!next) return;
  if (session.lanes) lane.answer = next;
  else space.move(session, lane, new Lane(next));
}

function silence(conversation: Conversation, reason: string): undefined {
  noteVerdict(conversation, 'silent', reason);
  conversation.endTrial();
}

/** The trial goes on: the credential is as untried as before. */
function renewal(conversation: Conversation, reason: string): 'stale' {
  noteVerdict(conversation, 'silent', reason);
  return 'stale';
}

async function tell(conversation: Conversation, attempt: Attempt, verdict: 'approve' | 'reject'): Promise<void> {
  const { rules, recorder, wire, clock } = conversation;
  const { credential, provider } = attempt.session;
  const request = credentialRequest(conversation, attempt);
  const record = recorder.record.bind(recorder);
  const told = tellVerdict({ verdict, credential, provider, request, providers: rules.providers, record });
  // Whether to save is a question to a person, who may take as long as the caller does.
  if (provider.interactive) await orGiveUp(told, wire.signal);
  else await clock.within(PATIENCE, told, wire.signal);
}

function credentialRequest(conversation: Conversation, { space, session, target }: Attempt): CredentialRequest {
  const { refusalsBefore = 0, wire } = conversation;
  return {
    origin: space.origin,
    realm: realmText(session.realm),
    scheme: session.scheme.name,
    proxy: false,
    url: urlOf(target),
    ...('token' in session.credential ? {} : { username: session.credential.username }),
    refused: Math.max(0, space.refusals - refusalsBefore),
    ...(wire.signal ? { signal: wire.signal } : {}),
  };
}
