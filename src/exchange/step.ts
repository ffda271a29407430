/**
 * What a 401 or a 407 means, and what is done about it: the rules of an exchange, in one pure function. It has no clock, no
 * port and no recorder: it takes values, and returns the next state, the next step, and facts for others to write down.
 * What a 401 says of an answer stands in `judgement.ts`, and what a response means that asks for nothing more in
 * `conclusion.ts`.
 *
 * How an exchange works:
 *
 * 1. A *protection space* (`memory/space.ts`) is a realm of an origin. Its *session* is the credential in use there, with
 *    the answer to the newest challenge. A request to a known space is authorized at its first send; any other request is
 *    sent bare, and its 401 brings the challenge.
 * 2. Every challenge of a 401 is read once, by the scheme of its name. The strongest one that policy permits is answered:
 *    with the session's credential, or with one from the providers, who are asked once for all requests that wait.
 * 3. One at a time, for two reasons. A credential that no response has proven right is tried by one request (a *trial*),
 *    and the others wait for its verdict, because each wrong password counts towards a lock-out; how long they wait stands
 *    in `answer/acquire.ts`. And a server that refuses nonce counts out of order has at most one request on its way with
 *    each nonce (a *lane*, `memory/lane.ts`). A trial is about a credential, a lane about a nonce: a request may need both.
 * 4. Seven bounds end an exchange, whatever the server says: how many answers, how many of them only had another nonce, how
 *    many led to another realm, how many messages its handshakes took, how many connections were authenticated no more, how
 *    often a token that grants more was asked for, and whether the server let in a message, but not its request.
 * 5. A verdict has three values. *Accepted* needs proof: a status below 400. *Refused* needs proof, too: a 401 that names
 *    the challenge that was answered, and blames neither the nonce nor the spelling. All else is *silent*: the provider
 *    hears nothing. But a credential that keeps getting silence is sent no more for a while (`answer/doubt.ts`).
 * 6. The 401 belongs to the caller until a scheme, a credential and a body that can be sent again are all in hand.
 */

import { wantedBy } from './challenge/scope.js';
import { type Challenged, type Fact, type Judgement, judge, type Next, stop, type Tried } from './judgement.js';
import type { State } from './party/state.js';

// A nonce may run out while a request is on its way, and again; a server that always says so is not followed further.
const MAX_RENEWALS = 3;
// A redirect may lead from one space to another. A server that names a new realm each time would otherwise be sent a
// wrong password again and again, which locks the account.
const MIN_DETOURS = 2;
// NTLM takes two messages, Kerberos one or two, NTLM inside SPNEGO three.
const MAX_MESSAGES = 5;
// A connection may have been authenticated for a while only. After that the handshake takes one that is new.
const MAX_LAPSES = 2;
// A server that wants another scope each time would have a person log in again and again.
const MAX_STEP_UPS = 2;

/** What follows from a 401. */
export interface Stepped {
  readonly state: State;
  readonly next: Next;
  readonly facts: readonly Fact[];
}

/** One step: `tried` is the answer that got this 401, if there was one. */
export function step(
  state: State,
  tried: Tried | undefined,
  challenged: Challenged,
  { maxCredentials }: { readonly maxCredentials: number },
): Stepped {
  const { meaning, next, facts } = tried ? judge(tried, challenged) : firstIn(state);
  if (next.do === 'stop') return { state, next, facts };
  if (next.do === 'continue') return continued(state, next, facts);
  if (next.do === 'step up') return steppedUp(state, next, facts);
  if (meaning === 'lapse') return lapsed(state, next, facts);
  const reached: State = {
    ...state,
    answers: state.answers + 1,
    renewals: state.renewals + (meaning === 'renewal' ? 1 : 0),
    detours: state.detours + (meaning === 'detour' ? 1 : 0),
  };
  const bound = boundOf(reached, maxCredentials);
  if (!bound) return { state: reached, next, facts };
  const isDespair = bound.code === 'ERR_AUTH_STALE' && tried !== undefined;
  return { state: reached, next: bound, facts: isDespair ? [...facts, { type: 'despair' }] : facts };
}

const FIRST: Judgement = { meaning: 'other', next: { do: 'find' }, facts: [] };

// A message of a handshake would be let in again, and the request itself would not.
const EARLY: Judgement = {
  ...FIRST,
  next: stop(
    'ERR_AUTH_CHALLENGE',
    'the server let a message in, and does not go on with the handshake for the request',
  ),
};

function firstIn({ isLetInEarly }: State): Judgement {
  return isLetInEarly ? EARLY : FIRST;
}

function continued(state: State, next: Next, facts: readonly Fact[]): Stepped {
  const reached: State = { ...state, messages: state.messages + 1 };
  if (reached.messages < MAX_MESSAGES) return { state: reached, next, facts };
  const reason = `${reached.messages} messages of a handshake were enough`;
  return { state: reached, next: { do: 'stop', code: 'ERR_AUTH_REFUSED', reason }, facts };
}

/** The credential was not sent, so this counts as no answer to it. */
function lapsed(state: State, next: Next, facts: readonly Fact[]): Stepped {
  const reached: State = { ...state, lapses: state.lapses + 1 };
  if (reached.lapses <= MAX_LAPSES) return { state: reached, next, facts };
  const reason = `${reached.lapses} connections did not stay authenticated`;
  return { state: reached, next: stop('ERR_AUTH_REFUSED', reason), facts };
}

/** Each set of scopes is asked for once, and no more than a few (SEC-69). */
function steppedUp(state: State, next: Extract<Next, { do: 'step up' }>, facts: readonly Fact[]): Stepped {
  const wanted = wantedBy(next.challenge);
  const isAsked = state.stepUps.includes(wanted);
  if (isAsked || state.stepUps.length >= MAX_STEP_UPS) {
    const why = isAsked ? 'one that grants more was asked for already' : 'more was asked for often enough';
    return { state, next: stop('ERR_AUTH_REFUSED', `${next.reason}, and ${why}`), facts };
  }
  return { state: { ...state, stepUps: [...state.stepUps, wanted] }, next, facts };
}

/** Why the exchange ends here; `undefined`: it goes on. */
function boundOf(state: State, maxCredentials: number): Extract<Next, { do: 'stop' }> | undefined {
  const { answers, renewals, detours } = state;
  if (answers > maxCredentials + MAX_RENEWALS) return stop('ERR_AUTH_REFUSED', `${answers - 1} answers were enough`);
  if (detours >= Math.max(maxCredentials, MIN_DETOURS))
    return stop('ERR_AUTH_REFUSED', `${detours} answers led from realm to realm`);
  if (renewals > MAX_RENEWALS) return stop('ERR_AUTH_STALE', `the server called ${renewals} nonces stale`);
  return undefined;
}
