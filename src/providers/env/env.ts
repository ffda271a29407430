/** Credentials from environment variables. */

import { AuthError } from '../../errors.js';
import { type Credential, type CredentialRequest, type Provider, type UsernameHint, wantsToken } from '../../model.js';
import { ownOptions } from '../../syntax/options.js';
import { visible } from '../../syntax/visible.js';
import { type Environment, PREFIX, variable } from '../environment.js';
import { keepFromPrograms } from '../inheritance.js';
import { originOf, unboundFrom } from '../origin.js';
import { hostSpellings } from './host-variable.js';
import { unreadVariables } from './unread.js';
import { type SecretKind, type Variables, variables } from './variables.js';

/** Options of `env()`. */
export interface EnvOptions {
  /** The prefix of the variable names; by default `AXIOS_CHALLENGE`. */
  readonly prefix?: string | undefined;
  /**
   * The only origin that gets a credential for which the environment names neither a URL nor a host. Default: the
   * origin of the client's `baseURL`, if it has one.
   */
  readonly origin?: string | undefined;
  /** By default `process.env`. */
  readonly environment?: Environment | undefined;
}

/**
 * Reads `AXIOS_CHALLENGE_USERNAME` with `AXIOS_CHALLENGE_PASSWORD` or `_PASSWORD_FILE`, and for the scheme `bearer`
 * `AXIOS_CHALLENGE_TOKEN` or `_TOKEN_FILE`, each time it is asked.
 *
 * `AXIOS_CHALLENGE_URL` limits these variables to its origin. Names that contain a host apply to that host and override
 * the plain names: `AXIOS_CHALLENGE_FILES_EXAMPLE_TOKEN`, in upper or lower case, with `.` as `_`, `-` as `__`, and a
 * port other than the default as `___8443`. A host whose spelling could mean another host (`a_b`, `a-.b`, most IPv6
 * addresses) has no such names: use `AXIOS_CHALLENGE_URL`. A user name alone is a hint for the next provider. Programs
 * that this package starts (those of `command()`, git and its helpers, the keychain's) do not inherit these variables.
 *
 * @param options - which variables, and for which origin
 * @returns a provider; its `get` throws `ERR_AUTH_OPTION` for a variable or a file that cannot be used
 * @throws AuthError `ERR_AUTH_OPTION` for an `origin` that is not a URL
 * @example
 * // AXIOS_CHALLENGE_URL=https://files.example AXIOS_CHALLENGE_USERNAME=alice AXIOS_CHALLENGE_PASSWORD_FILE=/run/pw
 * installAuth(client, { providers: [env()] });
 */
export function env(options: EnvOptions = {}): Provider {
  const own = ownOptions(options, ['prefix', 'origin', 'environment'], 'env');
  const { prefix = PREFIX, origin, environment = process.env } = own;
  keepFromPrograms(prefix);
  const bound = origin === undefined ? undefined : originOf(origin, 'env: origin');
  const findFor = (request: CredentialRequest) => find({ prefix, bound, environment }, request);
  return {
    name: 'env',
    get: async (request) => {
      const found = findFor(request);
      return typeof found === 'string' ? undefined : await credentialOf(found, request);
    },
    absence: (request) => {
      const found = findFor(request);
      return typeof found === 'string' ? found + unreadLine(environment, prefix) : undefined;
    },
  };
}

interface Settings {
  readonly prefix: string;
  readonly bound: string | undefined;
  readonly environment: Environment;
}

/** The variables that answer the request, or why no variable does. */
function find(settings: Settings, request: CredentialRequest): Variables | string {
  const own = hostVariables(settings, request);
  if (own) return mismatch(own, request) ?? own;
  const plain = variables(settings.environment, settings.prefix);
  const lacking = missing(plain, request);
  if (lacking !== undefined) return lacking + alternative(settings, request);
  const reason = unbound(settings, request) ?? mismatch(plain, request);
  return reason === undefined ? plain : reason + ambiguity(settings, request);
}

/** Names the variable of the host, which was looked up before the plain one. */
function alternative(settings: Settings, request: CredentialRequest): string {
  const host = hostSpellings(request.origin).at(-1);
  if (host === undefined) return ambiguity(settings, request);
  return `, nor ${settings.prefix}_${host}_${wantsToken(request) ? 'TOKEN' : 'USERNAME'}`;
}

function unreadLine(environment: Environment, prefix: string): string {
  const [first] = unreadVariables(environment, prefix);
  if (first === undefined) return '';
  const question = first.meant === undefined ? '' : ` (did you mean ${first.meant}?)`;
  return `; ${visible(first.name)} is not read${question}`;
}

/** Says if the host cannot be written in the name of a variable, so that only plain names were looked up (SEC-50). */
function ambiguity({ prefix }: Settings, { origin }: Pick<CredentialRequest, 'origin'>): string {
  const { hostname } = new URL(origin);
  if (hostname === '' || hostSpellings(origin).length > 0) return '';
  return `, and the name of a variable cannot spell ${hostname} (set ${prefix}_URL)`;
}

function hostVariables({ environment, prefix }: Settings, request: CredentialRequest): Variables | undefined {
  return hostSpellings(request.origin)
    .map((host) => variables(environment, `${prefix}_${host}`))
    .find((own) => missing(own, request) === undefined);
}

function missing(from: Variables, request: CredentialRequest): string | undefined {
  if (wantsToken(request)) return from.has('TOKEN') ? undefined : `${from.prefix}_TOKEN is not set`;
  return from.username !== undefined || from.has('PASSWORD') ? undefined : `${from.prefix}_USERNAME is not set`;
}

/** Why plain variables are not for the origin of the request (SEC-01). */
function unbound({ environment, prefix, bound }: Settings, request: CredentialRequest): string | undefined {
  const url = variable(environment, `${prefix}_URL`);
  if (url !== undefined) {
    const origin = originOf(url, `env: ${prefix}_URL`);
    return origin === request.origin ? undefined : `${prefix}_URL is ${origin}, not this origin`;
  }
  if (bound !== undefined) return bound === request.origin ? undefined : `is for ${bound}, not this origin`;
  const reason = unboundFrom(request);
  return reason === undefined ? undefined : `${prefix}_URL is not set, and ${prefix}_USERNAME ${reason}`;
}

/** Why the user name does not match: a user name that the caller gave matches only itself (SEC-09). */
function mismatch(from: Variables, request: CredentialRequest): string | undefined {
  if (wantsToken(request)) return undefined;
  const { username } = request;
  if (from.username === undefined) return username ? undefined : `${from.prefix}_USERNAME is not set`;
  return username && username !== from.username ? `${from.prefix}_USERNAME is another user name` : undefined;
}

async function credentialOf(
  from: Variables,
  request: CredentialRequest,
): Promise<Credential | UsernameHint | undefined> {
  const kind: SecretKind = wantsToken(request) ? 'TOKEN' : 'PASSWORD';
  const secret = await from.read(kind);
  if (kind === 'TOKEN') return { token: nonEmpty(secret, from.prefix) };
  const username = from.username ?? request.username;
  if (username === undefined) return undefined;
  return secret === undefined ? { username } : { username, password: secret };
}

/** An empty token here comes from an empty file: an empty variable counts as not set. */
function nonEmpty(token: string | undefined, prefix: string): string {
  if (token) return token;
  throw new AuthError('ERR_AUTH_OPTION', `env: ${prefix}_TOKEN_FILE names an empty file`);
}
