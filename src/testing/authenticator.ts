/** Finds the judge that a request's authorization is for, and returns its verdict. */

import { validateHeaderValue } from 'node:http';
import { type Authorization, onlyField, readAuthorization } from './authorization.js';
import { basicJudge, readBasic } from './basic-judge.js';
import { bearerJudge, readBearer } from './bearer-judge.js';
import { readDigest } from './digest-answer.js';
import { DigestJudge } from './digest-judge.js';
import type { Acceptance, Connection, Judge, Refusal } from './judge.js';
import { Nonces } from './nonces.js';
import { ntlmJudge } from './ntlm-judge.js';
import { guardsOf, judgesAt, type Protect, type Protection } from './protection.js';
import type { Draft } from './received-request.js';

/** The users and the tokens that the server knows. */
export interface Known {
  readonly users: Readonly<Record<string, string>>;
  readonly tokens: readonly string[];
  /** As DER; undefined: no TLS. */
  readonly certificate?: Buffer | undefined;
  /** The host of a proxy; undefined: the server is an origin, and each request names it. */
  readonly proxy?: string | undefined;
}

/** The outcome of a request: its path is open, its authorization is accepted, or it is challenged. */
export type Outcome =
  | { readonly kind: 'open' }
  | { readonly kind: 'accepted'; readonly acceptance: Acceptance }
  | { readonly kind: 'challenged'; readonly refusal: Refusal; readonly challenges: readonly string[] };

/** Judges a request by the field of this name (lower case), and notes in `received` what it reads; throws Violation. */
export type Tribunal = (received: Draft, field: string, connection?: Connection) => Outcome;

/** All judges of a server. Throws when a protection cannot be written as a field value. */
export function tribunal(protect: Protect, known: Known): Tribunal {
  const nonces = new Nonces();
  const guards = guardsOf(protect, (protection) => judgeOf(protection, known, nonces));
  const everyone = guards.flatMap(({ judges }) => judges);
  for (const value of everyone.flatMap((judge) => judge.challenge())) validateHeaderValue('WWW-Authenticate', value);
  return (received, field, connection = received) => {
    const authorization = readField(received, field);
    const here = judgesAt(guards, received.url);
    if (here.length === 0) return { kind: 'open' };
    if (!authorization) return unauthorized(here, connection);
    const judge = chooseJudge(here, everyone, authorization);
    if (!judge) return challenged(here, { reason: 'the authorization is for another protection space' });
    const verdict = judge.judge(authorization, received, connection);
    if ('accepted' in verdict) return { kind: 'accepted', acceptance: verdict.accepted };
    return challenged(here, verdict.refused, judge);
  };
}

/** A connection may be authorized itself. */
function unauthorized(here: readonly Judge[], connection: Connection): Outcome {
  const user = here.map((judge) => judge.holds?.(connection)).find((one) => one !== undefined);
  if (user !== undefined) return { kind: 'accepted', acceptance: { user } };
  return challenged(here, { reason: 'the request has no authorization' });
}

function judgeOf(protection: Protection, { users, tokens, ...own }: Known, nonces: Nonces): Judge {
  if ('raw' in protection) return rawJudge(protection.raw);
  if (protection.scheme === 'digest') return new DigestJudge(protection, users, nonces);
  if (protection.scheme === 'basic') return basicJudge(protection, users);
  if (protection.scheme === 'ntlm') return ntlmJudge(protection, { users, ...own });
  return bearerJudge(protection, tokens);
}

function rawJudge(raw: string | readonly string[]): Judge {
  const values = typeof raw === 'string' ? [raw] : raw;
  return {
    challenge: () => values,
    isMine: () => false,
    judge: () => ({ refused: { reason: 'a raw challenge refuses every authorization' } }),
  };
}

// The form of an authorization is checked on every path, even if the path is open.
function readField(received: Draft, field: string): Authorization | undefined {
  const value = onlyField(received.rawHeaders, field);
  if (value === undefined) return undefined;
  received.authorization = value;
  const authorization = readAuthorization(value);
  received.scheme = authorization.scheme;
  if (authorization.scheme === 'basic') received.user = readBasic(authorization).name;
  if (authorization.scheme === 'bearer') readBearer(authorization);
  if (authorization.scheme === 'digest') noteDigest(authorization, received);
  return authorization;
}

function noteDigest(authorization: Authorization, received: Draft): void {
  const { username, nonce, protection } = readDigest(authorization, received.url);
  received.user = username;
  received.nonce = nonce;
  if (protection) received.nc = Number.parseInt(protection.nc, 16);
}

function chooseJudge(here: readonly Judge[], everyone: readonly Judge[], authorization: Authorization) {
  const candidates = here.filter((judge) => judge.isMine(authorization));
  const mine = candidates.find((judge) => judge.isClosest?.(authorization)) ?? candidates[0];
  // An authorization for another protection space is allowed (RFC 7617 §2.2, RFC 7616 §3.6), so it is not a Violation.
  if (mine || everyone.some((judge) => judge.isMine(authorization))) return mine;
  return here.find((judge) => judge.scheme === authorization.scheme);
}

function challenged(here: readonly Judge[], refusal: Refusal, refuser?: Judge): Outcome {
  const challenges = here.flatMap((judge) => judge.challenge(judge === refuser ? refusal : undefined));
  return { kind: 'challenged', refusal, challenges };
}
