/** What a response says of the credential that it answers: accepted, refused or silent (SEC-25, SEC-26). */

import { AuthError } from '../errors.js';
import { memberOf } from '../member.js';
import { type Answer, type Authorization, type Challenge, type Confirmation, usernameOf } from '../model.js';
import { type Attempt, type Conversation, closeLane, noteVerdict } from './conversation.js';
import { Lane } from './lane.js';
import { credentialRequest } from './request.js';
import type { Session } from './space.js';
import { tellVerdict } from './tell.js';
import type { Reply } from './wire.js';

// How long a request is held up by a provider that hears a verdict: longer if it asks a person whether to save.
const PATIENCE = 5000;
const PATIENCE_WITH_PEOPLE = 120_000;

/** What to do about a 401 that came after an answer; `undefined`: find another credential. `elsewhere`: it is not about it. */
export type Judgement =
  | 'stale'
  | 'doubtful'
  | 'elsewhere'
  | { readonly again: Answer }
  | { readonly final: string }
  | undefined;

/** Reads a 401 that came after `attempt`, and tells the provider if it is a refusal. */
export async function judge(
  conversation: Conversation,
  attempt: Attempt,
  reply: Reply<unknown>,
  challenges: readonly Challenge[],
): Promise<Judgement> {
  const { session, space, lane } = attempt;
  const { answer } = lane;
  conversation.refusalsBefore ??= space.refusals;
  const challenge = challengeOf(session, challenges);
  if (!challenge || !reply.authorization) {
    session.lanes?.give(lane);
    silence(conversation, 'it is about something else');
    return 'elsewhere';
  }
  const refusal = session.scheme.refusal(challenge, answer);
  if (refusal.kind === 'final') {
    silence(conversation, refusal.reason);
    return { final: refusal.reason };
  }
  closeLane(conversation, attempt);
  if (refusal.kind === 'stale') {
    space.suspect(session, lane, { stale: true, own: !attempt.borrowed });
    noteVerdict(conversation, 'silent', 'the nonce is stale');
    return 'stale';
  }
  if (refusal.kind === 'again') {
    noteVerdict(conversation, 'silent', refusal.reason);
    return { again: refusal.answer };
  }
  // Not every server says stale: a nonce that others used, too, and that is answered with a new one, may have run out.
  const isNew = answer.nonce !== undefined && challenge.params.nonce !== answer.nonce;
  const isShared = attempt.borrowed || (session.approved && (reply.authorization.nc ?? 1) > 1);
  if (isNew && isShared) {
    space.suspect(session, lane, { stale: false, own: !attempt.borrowed });
    if (session.lanes?.proven) {
      noteVerdict(conversation, 'silent', 'the server wants a fresh nonce');
      return 'stale';
    }
    // The password may have been changed as well, so one request finds out.
    session.admitted = false;
    noteVerdict(conversation, 'silent', 'the server wants a fresh nonce');
    return 'doubtful';
  }
  noteVerdict(conversation, 'refused', 'not stale');
  const isNews = space.refuse(session, conversation.clock.now());
  conversation.endTrial();
  if (isNews) await tell(conversation, attempt, 'reject');
  return undefined;
}

/** The challenge that was answered, as it is now: each algorithm that a server offers has one, and only its own says stale. */
function challengeOf({ scheme, realm, label }: Session, challenges: readonly Challenge[]): Challenge | undefined {
  const own = challenges.filter((one) => one.scheme === scheme.name && (one.params.realm ?? realm) === realm);
  return own.find((one) => scheme.accepts(one).label === label) ?? own[0];
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
  if (status < 500 && !SAYS_NOTHING.has(status)) {
    space.admit(session, authorization.nc);
    if (session.lanes) session.lanes.proven = true;
  }
  // A proxy that passes the origin's own challenge on has let the request in.
  const isProof = status < 400 || (conversation.challenger.proxy && status === 401);
  if (!isProof) return silence(conversation, 'says nothing about the credential');
  noteVerdict(conversation, 'accepted', `${status}`);
  conversation.endTrial();
  if (session.approved) return undefined;
  session.approved = true;
  return tell(conversation, attempt, 'approve');
}

/** Answers that may come before anyone has looked at the credential (RFC 9110 §15.5, RFC 6585 §4). */
const SAYS_NOTHING = new Set([407, 408, 421, 429, 431]);

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
  const { mutual, next } =
    memberOf(authorization, 'confirm')?.(authenticationInfo ?? '', () => reply.body()) ?? NOTHING_SAID;
  if (rules.mutual !== 'off' && mutual === false) throw unproven(conversation, attempt, reply, 'sent a wrong rspauth');
  if (isRequired && !mutual) throw unproven(conversation, attempt, reply, 'sent no rspauth that can be checked');
  if (!next) return;
  // Others may still be on their way with a lane from before nonces were kept apart.
  if (session.lanes?.isTaken(lane)) lane.answer = next;
  else space.move(session, lane, new Lane(next));
}

const NOTHING_SAID: Confirmation = { mutual: undefined, next: undefined };

function unproven(
  { recorder }: Conversation,
  { space, session }: Attempt,
  { status, response }: Reply<unknown>,
  reason: string,
): AuthError {
  space.drop(session);
  recorder.record({ type: 'end', status, code: 'ERR_AUTH_MUTUAL', reason: `the server ${reason}` });
  const message = `${space.origin} ${reason}: it does not prove that it knows the password (do not trust the response)`;
  return new AuthError('ERR_AUTH_MUTUAL', message, { response });
}

function silence(conversation: Conversation, reason: string): undefined {
  noteVerdict(conversation, 'silent', reason);
  conversation.endTrial();
}

async function tell(conversation: Conversation, attempt: Attempt, verdict: 'approve' | 'reject'): Promise<void> {
  const { rules, recorder, wire, clock, challenger } = conversation;
  const { space, session, target } = attempt;
  const { given, provider, realm, scheme } = session;
  const refused = Math.max(0, space.refusals - (conversation.refusalsBefore ?? space.refusals));
  const username = usernameOf(given);
  const { proxy } = challenger;
  const asking = { space, target, refused, proxy, realm, scheme: scheme.name, username, signal: wire.signal };
  const request = credentialRequest(asking);
  const record = recorder.record.bind(recorder);
  const wait = <T>(hearing: Promise<T>, isStore: boolean) =>
    clock.within(isStore ? PATIENCE_WITH_PEOPLE : PATIENCE, hearing, wire.signal);
  await tellVerdict({ verdict, credential: given, provider, request, providers: rules.providers, wait, record });
}
