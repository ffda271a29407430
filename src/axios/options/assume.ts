/** The option `assume`: the challenge that a server should have sent, in the words of the caller. */

import type { AxiosResponse } from 'axios';
import { AuthError } from '../../errors.js';
import { objectionToAssumed } from '../../exchange/challenge/assumption.js';
import { isPrivate } from '../../exchange/challenge/policy.js';
import type { Assumption, Mute } from '../../exchange/challenge/rules.js';
import { parseChallenges } from '../../syntax/challenge.js';
import { parseUrl } from '../../syntax/url.js';

/** A response that names no challenge which can be read, as the function in `assume` sees it. */
export interface AssumedResponse {
  /** The origin that the request addressed, which is the one that answered. */
  readonly origin: string;
  /** Where the response came from, after redirects within the origin; without userinfo and fragment. */
  readonly url: string;
  /** From 400 on, and never 407. */
  readonly status: number;
  /** The header fields, by their names in lower case; several lines of one name are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What responses without a challenge mean: by origin, or by a function. */
export type Assume = Readonly<Record<string, string>> | ((response: AssumedResponse) => string | undefined);

/** Checks the option. @throws AuthError ERR_AUTH_OPTION */
export function assumptionOf(assume: Assume | undefined): Assumption | undefined {
  if (assume === undefined) return undefined;
  if (typeof assume === 'function') return byFunction(assume);
  if (typeof assume !== 'object' || assume === null || Array.isArray(assume))
    throw invalid("must be a function, or origins with their challenges, as in { 'https://api.example': 'Bearer' }");
  const texts = new Map(Object.entries(assume).map(([origin, text]) => [checkOrigin(origin), checkChallenge(text)]));
  const known = (origin: string) => texts.get(origin);
  return { known, of: ({ target }) => known(target.origin), isForEveryStatus: false };
}

function byFunction(assume: (response: AssumedResponse) => string | undefined): Assumption {
  const of = ({ target: { origin, url }, status, response }: Mute) =>
    assume({ origin, url, status, headers: headersOf(response as AxiosResponse) });
  return { known: () => undefined, of, isForEveryStatus: true };
}

/** The key is not shown, because a URL may hold a password: only the origin in it. */
function checkOrigin(key: string): string {
  const origin = originIn(key);
  if (origin === undefined) throw invalid('has a key that is no origin, which is written like https://api.example');
  if (origin === key && isPrivate(origin)) return origin;
  if (origin === key) throw invalid(`is for https, and for this machine: did you mean ${secure(origin)}?`);
  throw invalid(`has a key that is no origin: did you mean ${isPrivate(origin) ? origin : secure(origin)}?`);
}

/** `api.example` lacks its scheme. */
function originIn(key: string): string | undefined {
  if (/^unix:./.test(key)) return key;
  // A pattern would match nothing.
  if (key.includes('*')) return undefined;
  const url = parseUrl(key);
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url.origin;
  return key.includes('//') ? undefined : parseUrl(`https://${key}`)?.origin;
}

function secure(origin: string): string {
  return origin.replace(/^http:/, 'https:');
}

function checkChallenge(text: unknown): string {
  const reason = typeof text === 'string' ? objectionToAssumed(parseChallenges(text)) : 'it is no text';
  if (reason === undefined) return text as string;
  throw invalid(`has a challenge that cannot be used: ${reason} (write 'Bearer', or 'Basic realm="api"')`);
}

/** Most adapters give an AxiosHeaders, some give a plain object. */
function headersOf({ headers }: AxiosResponse): Readonly<Record<string, string>> {
  const fields: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (typeof value === 'string' || Array.isArray(value)) fields[name.toLowerCase()] = [value].flat().join(', ');
  }
  return fields;
}

function invalid(reason: string): AuthError {
  return new AuthError('ERR_AUTH_OPTION', `the option assume ${reason}`);
}
