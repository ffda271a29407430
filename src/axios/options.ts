/** The options of `installAuth` and of one request, and the rules they make. */

import { AuthError } from '../errors.js';
import type { Rules } from '../exchange/rules.js';
import type { AuthEvent } from '../exchange/trace.js';
import type { Provider, Scheme } from '../model.js';
import { parseUrl } from '../syntax/url.js';
import type { BodyFactory, BodyOptions } from './body.js';

/** How challenges are answered. Every option has a default. */
export interface AuthOptions {
  /** Where credentials come from, in order. Default: `[env(), keychain(), prompt()]`. */
  readonly providers?: readonly Provider[];
  /** Which auth-schemes are answered. Default: `[digest(), bearer(), basic()]`. */
  readonly schemes?: readonly Scheme[];
  /**
   * Origins where a password or a token may travel in clear text (Basic and Bearer over http, beyond this machine),
   * and where a weaker offer than before is taken. Default: none.
   */
  readonly allowInsecure?: boolean | readonly string[] | ((origin: string) => boolean);
  /**
   * Other origins whose challenges are answered when a redirect of the caller's own request leads there: each exactly,
   * never by pattern, and never from https to http. Their credentials have to name their origin. Default: none.
   */
  readonly trustOrigins?: readonly string[];
  /** Whether requests to a known protection space are authorized before they are challenged. Default: true. */
  readonly preemptive?: boolean;
  /** How many credentials one request may try. Default: 3. */
  readonly maxCredentials?: number;
  /** Whether the server's own proof (`rspauth`) is checked when it is there, must be there, or is not looked at. Default: `verify`. */
  readonly mutual?: 'verify' | 'require' | 'off';
  /**
   * How many bytes of a request body that is a stream are kept in memory while it is sent, so that it can be sent
   * again. Default: none.
   */
  readonly bufferBody?: number;
  /** Hears everything that happens, without secrets. */
  readonly onEvent?: (event: AuthEvent) => void;
}

/** What one request may decide for itself. */
export interface ChallengeOptions extends Partial<AuthOptions> {
  /**
   * Gives the body anew whenever `data` cannot be sent: again, if it is a stream, or at all, if it is undefined. It has to
   * be the same body each time; header fields (`Content-Type`) are the caller's.
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

const NAMES = [
  'providers',
  'schemes',
  'allowInsecure',
  'trustOrigins',
  'preemptive',
  'maxCredentials',
  'mutual',
  'bufferBody',
  'onEvent',
] as const;

/** The later options over the earlier, own properties only: what sits on Object.prototype is no option (SEC-28). */
export function mergeOptions<Base extends AuthOptions>(base: Base, ...others: readonly AuthOptions[]): Base {
  const merged: Record<string, unknown> = Object.create(null);
  for (const options of [base, ...others]) {
    for (const name of NAMES) {
      if (Object.hasOwn(options, name) && options[name] !== undefined) merged[name] = options[name];
    }
  }
  return merged as unknown as Base;
}

/** Checks the options. @throws AuthError ERR_AUTH_OPTION */
export function rulesOf(options: DefiniteOptions): Rules {
  const { providers, schemes, preemptive = true, maxCredentials = 3, mutual = 'verify', onEvent } = options;
  if (!Number.isInteger(maxCredentials) || maxCredentials < 1) throw invalid('maxCredentials', 'a whole number from 1');
  if (!['verify', 'require', 'off'].includes(mutual)) throw invalid('mutual', "'verify', 'require' or 'off'");
  if (!Array.isArray(providers) || !providers.every(isProvider)) throw invalid('providers', 'a list of providers');
  if (!Array.isArray(schemes)) throw invalid('schemes', 'a list of schemes');
  const { bufferBody = 0 } = options;
  if (!Number.isInteger(bufferBody) || bufferBody < 0) throw invalid('bufferBody', 'a number of bytes');
  const allowsInsecure = insecureOrigins(options.allowInsecure ?? false);
  const trusted = originsOf('trustOrigins', options.trustOrigins ?? []);
  const trustsOrigin = (origin: string) => trusted.has(origin);
  return { providers, schemes, preemptive, maxCredentials, mutual, onEvent, allowsInsecure, trustsOrigin };
}

/** What a request says of its body. @throws AuthError ERR_AUTH_OPTION */
export function bodyOptionsOf({ bufferBody = 0 }: AuthOptions, own: ChallengeOptions | undefined): BodyOptions {
  const factory = own && Object.hasOwn(own, 'body') ? own.body : undefined;
  if (factory !== undefined && typeof factory !== 'function') throw invalid('body', 'a function that gives a body');
  return { factory, kept: bufferBody };
}

function isProvider(provider: unknown): boolean {
  return typeof (provider as Provider | undefined)?.get === 'function';
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

/** A function that throws allows nothing. */
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
