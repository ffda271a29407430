/** The options of `installAuth` and of one request, and the rules they make. */

import { memberOf } from '../../base/own.js';
import { AuthError } from '../../errors.js';
import type { Rules } from '../../exchange/challenge/rules.js';
import type { AuthEvent } from '../../exchange/trace/events.js';
import type { Provider, Scheme } from '../../model.js';
import { assertOptions } from '../../syntax/options.js';
import { parseUrl } from '../../syntax/url.js';
import type { BodyFactory, BodyOptions } from '../body/body.js';
import { type Assume, assumptionOf } from './assume.js';

/** How challenges are answered. Every option has a default. */
export interface AuthOptions {
  /** Where credentials come from, in order. Default: `[env(), keychain(), prompt()]`. */
  readonly providers?: readonly Provider[];
  /** Which auth-schemes are answered. Default: `[digest(), bearer(), basic()]`. */
  readonly schemes?: readonly Scheme[];
  /**
   * Origins that may receive a password or a token in clear text (Basic and Bearer over http, beyond this machine) or the
   * messages of NTLM, and whose challenges may be weaker than earlier challenges in this process. Default: `false`.
   */
  readonly allowInsecure?: boolean | readonly string[] | ((origin: string) => boolean);
  /**
   * Other origins whose challenges are answered if a redirect of the caller's own request leads to them. Each origin is
   * matched exactly, never by pattern, and never after a redirect from https to http. A credential for such an origin
   * has to name that origin. Default: `[]`.
   */
  readonly trustOrigins?: readonly string[];
  /**
   * What a server means that does not say so: the challenge that it should have sent with its 401, by exact origin. It
   * stands for each 401 of that origin without a challenge that can be read, and the protection space is known before
   * the first send: with `preemptive`, that send is authorized with what the providers have that ask no person.
   *
   * A function is asked about every response from 400 on (but 407) of the origin that the request addressed, if that
   * names no challenge which can be read; it gives the challenge, or `undefined` where the response means nothing of the
   * kind. It is asked after a send only. Whatever it names refuses the credential that was sent, except that a 404 to
   * an authorized request refuses none, nor a 403 one that was let in before.
   *
   * Origins are https, or http on this machine. A challenge for Digest cannot be assumed: its nonce is the server's.
   * Throws ERR_AUTH_OPTION for a key that is no such origin, and for a text that is no such challenge.
   *
   * @see RFC 9110 §11.6.1, §15.5.2
   * @example
   * installAuth(client, { assume: { 'https://api.example': 'Bearer' } });
   * installAuth(other, { assume: ({ status }) => (status === 419 ? 'Bearer' : undefined) });
   */
  readonly assume?: Assume;
  /** Whether requests to a known protection space are authorized before they are challenged. Default: true. */
  readonly preemptive?: boolean;
  /** How many credentials one request may try; an outdated entry of a store does not count. Default: 3. */
  readonly maxCredentials?: number;
  /**
   * How the server's own proof (`rspauth`) is treated: verified if it is present (`verify`), required (`require`) or
   * ignored (`off`). Default: `verify`.
   */
  readonly mutual?: 'verify' | 'require' | 'off';
  /**
   * How many bytes of a streamed request body are kept in memory while it is sent, so that the body can be sent again.
   * A longer stream is sent once, and what was kept of it is freed. 0 keeps nothing. Default: 1 MiB, as git's
   * `http.postBuffer`.
   */
  readonly bufferBody?: number;
  /** Called with every event. An event never holds a secret. */
  readonly onEvent?: (event: AuthEvent) => void;
}

/** The options that one request may set. */
export interface ChallengeOptions extends Partial<AuthOptions> {
  /**
   * Creates the body again whenever `data` cannot be sent: because it is a stream that was already sent, or because it
   * is undefined. The function has to give the same body each time; the caller sets header fields such as
   * `Content-Type`.
   *
   * @example
   * client.put('/disk.img', undefined, { challenge: { body: () => source.createReadStream() } });
   */
  readonly body?: BodyFactory;
}

/** The `challenge` option of one request: its own options, or `false` to leave its 401 alone. */
export type ChallengeOption = false | ChallengeOptions;

/** Options with every default filled in. */
export type DefiniteOptions = Required<Pick<AuthOptions, 'providers' | 'schemes'>> & AuthOptions;

/** The names of AuthOptions. */
export const OPTION_NAMES = [
  'providers',
  'schemes',
  'allowInsecure',
  'trustOrigins',
  'assume',
  'preemptive',
  'maxCredentials',
  'mutual',
  'bufferBody',
  'onEvent',
] as const;

const CHALLENGE_NAMES = [...OPTION_NAMES, 'body'];

/** Merges options; a later option overrides an earlier one. Object.prototype's properties are not options (SEC-28). */
export function mergeOptions<Base extends AuthOptions>(base: Base, ...others: readonly AuthOptions[]): Base {
  const merged: Record<string, unknown> = Object.create(null);
  for (const options of others) assertOptions(options, CHALLENGE_NAMES, 'challenge');
  for (const options of [base, ...others]) {
    for (const name of OPTION_NAMES) {
      if (Object.hasOwn(options, name) && options[name] !== undefined) merged[name] = options[name];
    }
  }
  return merged as unknown as Base;
}

const DEFAULT_BUFFER = 1024 * 1024;

/** Checks the options. @throws AuthError ERR_AUTH_OPTION */
export function rulesOf(options: DefiniteOptions): Rules {
  const { providers, schemes, preemptive = true, maxCredentials = 3, mutual = 'verify', onEvent } = options;
  if (!Number.isInteger(maxCredentials) || maxCredentials < 1) throw invalid('maxCredentials', 'a whole number from 1');
  if (!['verify', 'require', 'off'].includes(mutual)) throw invalid('mutual', "'verify', 'require' or 'off'");
  if (!isProviders(providers))
    throw invalid('providers', `a list of providers, each with a \`name\` and a \`get\`${uncalled(providers)}`);
  if (!Array.isArray(schemes) || !schemes.every(isScheme))
    throw invalid('schemes', `a list of schemes${uncalled(schemes)}`);
  const { bufferBody = DEFAULT_BUFFER } = options;
  if (!Number.isInteger(bufferBody) || bufferBody < 0) throw invalid('bufferBody', 'a number of bytes');
  const allowsInsecure = insecureOrigins(options.allowInsecure ?? false);
  const trusted = originsOf('trustOrigins', options.trustOrigins ?? []);
  const trustsOrigin = (origin: string) => trusted.has(origin);
  const assumption = assumptionOf(options.assume);
  const given = { providers, schemes, preemptive, maxCredentials, mutual, onEvent };
  return { ...given, allowsInsecure, trustsOrigin, assumption };
}

/** The options for the body of one request. @throws AuthError ERR_AUTH_OPTION */
export function bodyOptionsOf(
  { bufferBody = DEFAULT_BUFFER }: AuthOptions,
  own: ChallengeOptions | undefined,
): BodyOptions {
  const factory = own && Object.hasOwn(own, 'body') ? own.body : undefined;
  if (factory !== undefined && typeof factory !== 'function') throw invalid('body', 'a function that gives a body');
  return { factory, bufferLimit: bufferBody };
}

/** `digest` and `'digest'` stand for `digest()`: easily written, and not caught in JavaScript. */
function uncalled(list: unknown): string {
  const part: unknown = Array.isArray(list)
    ? list.find((one) => ['string', 'function'].includes(typeof one))
    : undefined;
  const name = typeof part === 'function' ? part.name : part;
  if (typeof name !== 'string' || !/^\w+$/.test(name)) return '';
  return `: ${name}(), not ${typeof part === 'string' ? `'${name}'` : name}`;
}

const DEEPEST = 16;

/** Checks the providers inside a chain, too; the depth is limited because a chain may contain itself. */
function isProviders(list: unknown, depth = 0): boolean {
  return Array.isArray(list) && depth < DEEPEST && list.every((provider) => isProvider(provider, depth));
}

/** Accepts members that a class inherits, but not members of Object.prototype. */
function isProvider(provider: unknown, depth: number): boolean {
  if (typeof provider !== 'object' && typeof provider !== 'function') return false;
  if (provider === null || typeof memberOf(provider as Provider, 'get') !== 'function') return false;
  const name: unknown = memberOf(provider as Provider, 'name');
  const parts: unknown = memberOf(provider as Provider, 'providers');
  if (typeof name !== 'string' || name.trim() === '') return false;
  return parts === undefined || isProviders(parts, depth + 1);
}

function isScheme(scheme: unknown): boolean {
  if (typeof scheme !== 'object' || scheme === null) return false;
  const own = scheme as Scheme;
  if (typeof memberOf(own, 'name') !== 'string') return false;
  return typeof memberOf(own, 'read') === 'function';
}

function insecureOrigins(allow: NonNullable<AuthOptions['allowInsecure']>): Rules['allowsInsecure'] {
  if (typeof allow === 'boolean') return () => allow;
  if (typeof allow === 'function') return (origin) => says(allow, origin);
  const origins = originsOf('allowInsecure', allow as readonly string[]);
  return (origin) => origins.has(origin);
}

function originsOf(name: keyof AuthOptions, list: readonly unknown[]): ReadonlySet<string> {
  if (Array.isArray(list) && list.every(isUrl)) return new Set(list.map((url) => new URL(url).origin));
  throw invalid(name, 'a list of origins like http://printer.local:8080');
}

function isUrl(value: unknown): boolean {
  return typeof value === 'string' && parseUrl(value) !== undefined;
}

/** Calls the caller's function. If the function throws, the origin is not allowed. */
function says(allow: (origin: string) => boolean, origin: string): boolean {
  try {
    return allow(origin) === true;
  } catch {
    return false;
  }
}

function invalid(name: string, wanted: string): AuthError {
  return new AuthError('ERR_AUTH_OPTION', `the option ${name} must be ${wanted}`);
}
