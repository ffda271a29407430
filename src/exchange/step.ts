/**
 * What a 401 or a 407 means, and what is done about it: the rules of an exchange, in one pure function. It has no clock, no
 * port and no recorder: it takes values, and returns the next state, the next step, and facts for others to write down.
 * What a response means that asks for nothing more stands in `conclusion.ts`.
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
 * 4. Six bounds end an exchange, whatever the server says: how many answers, how many of them only had another nonce, how
 *    many led to another realm, how many messages its handshakes took, how many authenticated connections were none, and
 *    how often a token that grants more was asked for.
 * 5. A verdict has three values. *Accepted* needs proof: a status below 400. *Refused* needs proof, too: a 401 that names
 *    the challenge that was answered, and blames neither the nonce nor the spelling. All else is *silent*: the provider
 *    hears nothing. But a credential that keeps getting silence is sent no more for a while (`answer/doubt.ts`).
 * 6. The 401 belongs to the caller until a scheme, a credential and a body that can be sent again are all in hand.
 */

import { memberOf } from '../base/own.js';
import type { AuthErrorCode } from '../errors.js';
import type { Answer, Challenge } from '../model.js';
import { type Insufficiency, wantedBy, widened } from './challenge/scope.js';
import { type Choice, isChoice, type Reading, refusalIn } from './challenge/select.js';
import type { State } from './party/state.js';
import type { Verdict } from './trace/events.js';

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

/** The answer that the last send carried. */
export interface Tried {
  /** The challenge that its session was opened for. */
  readonly choice: Choice;
  readonly realm: string;
  readonly answer: Answer;
  /** Whether nothing was sent, because the connection was authenticated. */
  readonly isBare?: true | undefined;
  /** Whether other requests have used its nonce, too: it did not come with the 401 that this answer was for. */
  readonly isBorrowed: boolean;
  /** Whether the credential was proven right before. */
  readonly isApproved: boolean;
  /** Whether a request was let in since this server gets its nonce counts in order: the credential is right then. */
  readonly isOrderProven: boolean;
}

/** A 401 or 407. */
export interface Challenged {
  readonly readings: readonly Reading[];
  /** What authorized the request that got it; `undefined` when it was stripped on the way. */
  readonly authorization: { readonly nc?: number | undefined } | undefined;
}

/** What to do next. */
export type Next =
  /** The same credential again: with the nonce of the challenge, or with `answer`. */
  | { readonly do: 'renew'; readonly answer: Answer | undefined }
  /** The next message of a handshake. */
  | { readonly do: 'continue'; readonly answer: Answer }
  /** A token that grants more; `challenge` asks for all that it has to grant. */
  | ({ readonly do: 'step up' } & Insufficiency)
  /** The credential of the space if it may be right, or another one. */
  | { readonly do: 'find' }
  /** The response is the caller's. */
  | { readonly do: 'stop'; readonly code: AuthErrorCode; readonly reason: string };

/** What a response has shown of the answer that was tried. */
export type Fact =
  | { readonly type: 'verdict'; readonly verdict: Verdict; readonly reason: string }
  /** The nonce is as good as it was: another request may have it. */
  | { readonly type: 'nonce kept' }
  | { readonly type: 'nonce spent' }
  /** The server let the request in, whatever else it says: `nc` counts on. */
  | { readonly type: 'let in'; readonly nc: number | undefined }
  /** The credential is right: its provider is told, once. */
  | { readonly type: 'accepted' }
  /** The nonce ran out early; `isStale`: the server says so. */
  | { readonly type: 'nonce suspect'; readonly isStale: boolean }
  /** The password may have been changed: one request finds out. */
  | { readonly type: 'unsettled' }
  /** The trial of the credential is over. */
  | { readonly type: 'tried' }
  /** A 401 to our authorization does not name the challenge that was answered. */
  | { readonly type: 'doubt' }
  /** The server goes on without a word that the credential is right. */
  | { readonly type: 'despair' }
  /** The credential is wrong: its provider is told. */
  | { readonly type: 'refused'; readonly refusal: Challenge };

/** What follows from a 401. */
export interface Stepped {
  readonly state: State;
  readonly next: Next;
  readonly facts: readonly Fact[];
}

/** What one 401 says of an answer. */
interface Judged {
  readonly meaning: 'renewal' | 'detour' | 'lapse' | 'other';
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
  const { meaning, next, facts } = tried ? judge(tried, challenged) : FIRST;
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

const FIRST: Judged = { meaning: 'other', next: { do: 'find' }, facts: [] };

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

function stop(code: AuthErrorCode, reason: string): Extract<Next, { do: 'stop' }> {
  return { do: 'stop', code, reason };
}

function judge(tried: Tried, { readings, authorization }: Challenged): Judged {
  if (tried.isBare) return LAPSE;
  const reading = answeredIn(readings, tried);
  const refusal = reading && authorization && refusalIn(reading, tried.answer);
  if (!refusal) return elsewhere(authorization !== undefined);
  switch (refusal.kind) {
    case 'final':
      return final(refusal.reason, isAboutCredential(tried, reading) ? 'ERR_AUTH_REFUSED' : 'ERR_AUTH_CHALLENGE');
    case 'insufficient':
      return insufficient(tried, reading.challenge, refusal.reason);
    case 'continue':
      return {
        meaning: 'other',
        next: { do: 'continue', answer: refusal.answer },
        facts: [silent('the handshake goes on')],
      };
    case 'stale':
      return stale(undefined, [SPENT, { type: 'nonce suspect', isStale: true }, silent('the nonce is stale')]);
    case 'again':
      return stale(refusal.answer, [SPENT, silent(refusal.reason)]);
    case 'refused':
      return isForNonce(tried, reading, authorization) ? freshNonce(tried) : refused(reading);
  }
}

const LAPSE: Judged = {
  meaning: 'lapse',
  next: { do: 'find' },
  facts: [silent('the connection is authenticated no more'), { type: 'unsettled' }],
};

const SPENT: Fact = { type: 'nonce spent' };

/** It is about something else: who was asked for the credential hears nothing (SEC-25). */
function elsewhere(wasSent: boolean): Judged {
  const facts: Fact[] = [{ type: 'nonce kept' }];
  if (wasSent) facts.push({ type: 'doubt' });
  facts.push(silent('it is about something else'), { type: 'tried' });
  return { meaning: 'detour', next: { do: 'find' }, facts };
}

/** A challenge that cannot be answered says nothing against the credential, nor does one to a message without it. */
function isAboutCredential({ answer }: Tried, reading: Reading): boolean {
  return isChoice(reading) && memberOf(answer, 'isPartial') !== true;
}

function final(reason: string, code: AuthErrorCode): Judged {
  const facts: Fact[] = [{ type: 'nonce kept' }, silent(reason), { type: 'tried' }];
  return { meaning: 'other', next: stop(code, reason), facts };
}

function insufficient({ choice, realm }: Tried, refusal: Challenge, reason: string): Judged {
  const facts: Fact[] = [{ type: 'nonce kept' }, { type: 'let in', nc: undefined }, silent(reason), { type: 'tried' }];
  const challenge = widened(choice.challenge, refusal, realm);
  return { meaning: 'other', next: { do: 'step up', challenge, refusal, reason }, facts };
}

function stale(answer: Answer | undefined, facts: readonly Fact[]): Judged {
  return { meaning: 'renewal', next: { do: 'renew', answer }, facts };
}

/**
 * Not every server says stale: a nonce that other requests used, too, and that is answered with a new one, may have run
 * out.
 */
function isForNonce(
  { answer, isBorrowed, isApproved }: Tried,
  { nonce }: Reading,
  { nc }: NonNullable<Challenged['authorization']>,
): boolean {
  const isNew = answer.nonce !== undefined && nonce !== answer.nonce;
  return isNew && (isBorrowed || (isApproved && (nc ?? 1) > 1));
}

function freshNonce({ isOrderProven }: Tried): Judged {
  const facts: Fact[] = [SPENT, { type: 'nonce suspect', isStale: false }, silent('the server wants a fresh nonce')];
  if (isOrderProven) return stale(undefined, facts);
  return { meaning: 'renewal', next: { do: 'find' }, facts: [...facts, { type: 'unsettled' }] };
}

function refused({ challenge }: Reading): Judged {
  const facts: Fact[] = [
    SPENT,
    { type: 'verdict', verdict: 'refused', reason: 'not stale' },
    { type: 'refused', refusal: challenge },
  ];
  return { meaning: 'other', next: { do: 'find' }, facts };
}

function silent(reason: string): Fact {
  return { type: 'verdict', verdict: 'silent', reason };
}

/** The challenge that was answered, as it is now: each algorithm and qop that a server offers has its own nonce and `stale`. */
function answeredIn(readings: readonly Reading[], { choice, realm }: Tried): Reading | undefined {
  const own = readings.filter(
    ({ challenge }) => challenge.scheme === choice.scheme.name && (challenge.params.realm ?? realm) === realm,
  );
  const named = own.filter(({ label }) => label === choice.label);
  return named.find((one) => isChoice(one) && one.strength === choice.strength) ?? named[0] ?? own[0];
}
