/** Credentials from environment variables. */

import { AuthError } from '../errors.js';
import type { Credential, CredentialRequest, Provider, UsernameHint } from '../model.js';
import { hostSpellings } from './host-variable.js';
import { originOf, unboundFrom } from './origin.js';
import { type Environment, type SecretKind, type Variables, variable, variables } from './variables.js';

/** Options of `env()`. */
export interface EnvOptions {
  /** What the names of the variables begin with; by default `AXIOS_CHALLENGE`. */
  readonly prefix?: string | undefined;
  /** The only origin that gets a credential for which the environment names neither a URL nor a host. Default: the client's. */
  readonly origin?: string | undefined;
  /** By default `process.env`. */
  readonly environment?: Environment | undefined;
}

/**
 * Reads `AXIOS_CHALLENGE_USERNAME` with `AXIOS_CHALLENGE_PASSWORD` or `_PASSWORD_FILE`, and for the scheme `bearer`
 * `AXIOS_CHALLENGE_TOKEN` or `_TOKEN_FILE`, each time it is asked.
 *
 * `AXIOS_CHALLENGE_URL` limits them to its origin. Names with the host in them hold for that host and win over the
 * plain ones: `AXIOS_CHALLENGE_FILES_EXAMPLE_TOKEN`, in upper or lower case, with `.` as `_`, `-` as `__`, and another
 * port than the default as `___8443`. A user name alone is a hint for the next provider.
 *
 * @param options - which variables, and for which origin
 * @returns a provider; its `get` throws `ERR_AUTH_OPTION` for a variable or a file that cannot be used
 * @throws AuthError `ERR_AUTH_OPTION` for an `origin` that is no URL
 * @example
 * // AXIOS_CHALLENGE_URL=https://files.example AXIOS_CHALLENGE_USERNAME=alice AXIOS_CHALLENGE_PASSWORD_FILE=/run/pw
 * installAuth(client, { providers: [env()] });
 */
export function env(options: EnvOptions = {}): Provider {
  const own: EnvOptions = Object.assign(Object.create(null), options);
  const { prefix = 'AXIOS_CHALLENGE', origin, environment = process.env } = own;
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
      return typeof found === 'string' ? found : undefined;
    },
  };
}

interface Settings {
  readonly prefix: string;
  readonly bound: string | undefined;
  readonly environment: Environment;
}

/** The variables that answer the request, or why none do. */
function find(settings: Settings, request: CredentialRequest): Variables | string {
  const own = hostVariables(settings, request);
  if (own) return mismatch(own, request) ?? own;
  const plain = variables(settings.environment, settings.prefix);
  return missing(plain, request) ?? unbound(settings, request) ?? mismatch(plain, request) ?? plain;
}

function hostVariables({ environment, prefix }: Settings, request: CredentialRequest): Variables | undefined {
  return hostSpellings(request.origin)
    .map((host) => variables(environment, `${prefix}_${host}`))
    .find((own) => missing(own, request) === undefined);
}

function missing(from: Variables, { scheme }: CredentialRequest): string | undefined {
  if (scheme === 'bearer') return from.has('TOKEN') ? undefined : `${from.prefix}_TOKEN is not set`;
  return from.username !== undefined || from.has('PASSWORD') ? undefined : `${from.prefix}_USERNAME is not set`;
}

/** Why plain variables are not for the origin that asks (SEC-01). */
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

/** A user name that the caller gave is matched only by that user name (SEC-09). */
function mismatch(from: Variables, { scheme, username }: CredentialRequest): string | undefined {
  if (scheme === 'bearer') return undefined;
  if (from.username === undefined) return username ? undefined : `${from.prefix}_USERNAME is not set`;
  return username && username !== from.username ? `${from.prefix}_USERNAME is another user name` : undefined;
}

async function credentialOf(
  from: Variables,
  request: CredentialRequest,
): Promise<Credential | UsernameHint | undefined> {
  const kind: SecretKind = request.scheme === 'bearer' ? 'TOKEN' : 'PASSWORD';
  const secret = await from.read(kind);
  if (kind === 'TOKEN') return { token: nonEmpty(secret, from.prefix) };
  const username = from.username ?? request.username;
  if (username === undefined) return undefined;
  return secret === undefined ? { username } : { username, password: secret };
}

/** Only an empty file gets here: an empty variable counts as not set. */
function nonEmpty(token: string | undefined, prefix: string): string {
  if (token) return token;
  throw new AuthError('ERR_AUTH_OPTION', `env: ${prefix}_TOKEN_FILE names an empty file`);
}
