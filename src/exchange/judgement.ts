/** What a 401 or a 407 says of the answer that it refuses: rules without a clock, a port or a count. */

import { memberOf } from '../base/own.js';
import type { AuthErrorCode } from '../errors.js';
import type { Answer, Challenge } from '../model.js';
import { type Insufficiency, widened } from './challenge/scope.js';
import { type Choice, isChoice, type Reading, refusalIn } from './challenge/select.js';
import type { Verdict } from './trace/events.js';

/** The answer that the last send carried. */
export interface Tried {
  /** The challenge that its session was opened for. */
  readonly choice: Choice;
  readonly realm: string;
  readonly answer: Answer;
  /** Whether nothing was sent, because the connection was authenticated. */
  readonly isBare?: boolean;
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

/** What one 401 says of an answer. */
export interface Judgement {
  readonly meaning: 'renewal' | 'detour' | 'lapse' | 'other';
  readonly next: Next;
  readonly facts: readonly Fact[];
}

/** The response is the caller's. */
export function stop(code: AuthErrorCode, reason: string): Extract<Next, { do: 'stop' }> {
  return { do: 'stop', code, reason };
}

/** What the challenges of the response say of the answer that was tried. */
export function judge(tried: Tried, { readings, authorization }: Challenged): Judgement {
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

const LAPSE: Judgement = {
  meaning: 'lapse',
  next: { do: 'find' },
  facts: [silent('the connection is authenticated no more'), { type: 'unsettled' }],
};

const SPENT: Fact = { type: 'nonce spent' };

/** It is about something else: who was asked for the credential hears nothing (SEC-25). */
function elsewhere(wasSent: boolean): Judgement {
  const facts: Fact[] = [{ type: 'nonce kept' }];
  if (wasSent) facts.push({ type: 'doubt' });
  facts.push(silent('it is about something else'), { type: 'tried' });
  return { meaning: 'detour', next: { do: 'find' }, facts };
}

/** A challenge that cannot be answered says nothing against the credential, nor does one to a message without it. */
function isAboutCredential({ answer }: Tried, reading: Reading): boolean {
  return isChoice(reading) && memberOf(answer, 'isPartial') !== true;
}

function final(reason: string, code: AuthErrorCode): Judgement {
  const facts: Fact[] = [{ type: 'nonce kept' }, silent(reason), { type: 'tried' }];
  return { meaning: 'other', next: stop(code, reason), facts };
}

function insufficient({ choice, realm }: Tried, refusal: Challenge, reason: string): Judgement {
  const facts: Fact[] = [{ type: 'nonce kept' }, { type: 'let in', nc: undefined }, silent(reason), { type: 'tried' }];
  const challenge = widened(choice.challenge, refusal, realm);
  return { meaning: 'other', next: { do: 'step up', challenge, refusal, reason }, facts };
}

function stale(answer: Answer | undefined, facts: readonly Fact[]): Judgement {
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

function freshNonce({ isOrderProven }: Tried): Judgement {
  const facts: Fact[] = [SPENT, { type: 'nonce suspect', isStale: false }, silent('the server wants a fresh nonce')];
  if (isOrderProven) return stale(undefined, facts);
  return { meaning: 'renewal', next: { do: 'find' }, facts: [...facts, { type: 'unsettled' }] };
}

function refused({ challenge }: Reading): Judgement {
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
  // Some servers repeat their offer beside the message that goes on with the handshake.
  const goesOn = ({ challenge }: Reading) => choice.bindsConnection && memberOf(challenge, 'token68') !== undefined;
  const isSame = (one: Reading) => isChoice(one) && one.strength === choice.strength;
  return named.find(goesOn) ?? named.find(isSame) ?? named[0] ?? own[0];
}
