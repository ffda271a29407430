/** What a response says of the credential that it answers: accepted, refused or silent (SEC-25, SEC-26). */

import { AuthError } from '../errors.js';
import type { Answer, Authorization, Challenge, Confirmation, CredentialRequest } from '../model.js';
import { type Attempt, type Conversation, closeLane, noteVerdict } from './conversation.js';
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
  closeLane(conversation, attempt);
  if (refusal.kind === 'stale') {
    space.suspect(session, lane, { stale: true, own: !attempt.borrowed });
    return renewal(conversation, 'the nonce is stale');
  }
  if (refusal.kind === 'again') {
    noteVerdict(conversation, 'silent', refusal.reason);
    return { again: refusal.answer };
  }
  // Not every server says stale: a nonce that others used, too, and that is answered with a new one, may have run out.
  const isNew = answer.nonce !== undefined && challenge.params.nonce !== answer.nonce;
  const isShared = attempt.borrowed || (session.proven && (reply.authorization.nc ?? 1) > 1);
  if (isNew && isShared) {
    space.suspect(session, lane, { stale: false, own: !attempt.borrowed });
    return renewal(conversation, 'the server wants a fresh nonce');
  }
  noteVerdict(conversation, 'refused', 'not stale');
  const isNews = space.refuse(session);
  conversation.endTrial();
  if (isNews) await tell(conversation, attempt, 'reject');
  return undefined;
}

/** Reads the last response of an exchange; a promise when a provider is told about it. @throws AuthError ERR_AUTH_MUTUAL */
export function conclude(
  conversation: Conversation,
  attempt: Attempt,
  reply: Reply<unknown>,
): Promise<void> | undefined {
  const { space, session, lane } = attempt;
  const { authorization, status } = reply;
  if (!authorization) {
    session.lanes?.give(lane);
    return silence(conversation, 'the authorization did not reach the server that answered');
  }
  confirm(conversation, attempt, reply, authorization);
  session.lanes?.give(lane);
  if (status >= 400) return silence(conversation, `${status} says nothing about the credential`);
  noteVerdict(conversation, 'accepted', `${status}`);
  const isNews = space.accept(session, authorization.nc);
  conversation.endTrial();
  return isNews ? tell(conversation, attempt, 'approve') : undefined;
}

/** `Authentication-Info`: the server's proof, and the nonce for the next request (RFC 7616 §3.5). */
function confirm(
  conversation: Conversation,
  attempt: Attempt,
  reply: Reply<unknown>,
  authorization: Authorization,
): void {
  const { rules } = conversation;
  const { space, session, lane } = attempt;
  const { authenticationInfo, status } = reply;
  const isRequired = rules.mutual === 'require' && status < 400;
  if (authenticationInfo === undefined && !isRequired) return;
  const { mutual, next } = authorization.confirm?.(authenticationInfo ?? '', () => reply.body()) ?? NOTHING_SAID;
  if (rules.mutual !== 'off' && mutual === false) throw unproven(conversation, attempt, reply, 'sent a wrong rspauth');
  if (isRequired && !mutual) throw unproven(conversation, attempt, reply, 'sent no rspauth that can be checked');
  if (!next) return;
  if (session.lanes) lane.answer = next;
  else space.move(session, lane, new Lane(next));
}

const NOTHING_SAID: Confirmation = { mutual: undefined };

function unproven(
  { recorder }: Conversation,
  { space, session }: Attempt,
  { status, response }: Reply<unknown>,
  reason: string,
): AuthError {
  space.drop(session);
  recorder.record({ type: 'end', status, code: 'ERR_AUTH_MUTUAL', reason: `the server ${reason}` });
  const message = `${space.origin} ${reason}: it does not prove that it knows the password`;
  return new AuthError('ERR_AUTH_MUTUAL', message, { response });
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
