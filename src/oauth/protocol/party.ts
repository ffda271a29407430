/** The two parties of a token request, the issuer and this client, as oauth4webapi wants them. */

import { AuthError } from '../../errors.js';
import { phrase } from '../../syntax/visible.js';
import type { IssuerFetch } from './http.js';
import { loadLibrary, type OAuthLibrary } from './library.js';
import type { IssuerMetadata } from './metadata.js';
import type { IssuerStep } from './trouble.js';

// What is shorter can be guessed, and may be part of any name.
const SECRET_LENGTH = 8;

/** Who asks whom, and for what. */
export interface Application {
  readonly metadata: IssuerMetadata;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly scope: string | undefined;
  /** RFC 8707. */
  readonly resource: string | undefined;
  /** More parameters of the request that begins a flow of a person (RFC 9470 §4). */
  readonly login: Readonly<Record<string, string>>;
  readonly fetch: IssuerFetch;
}

/** The same with what oauth4webapi needs. */
export interface Party extends Application {
  readonly library: OAuthLibrary;
  readonly client: import('oauth4webapi').Client;
  readonly authentication: import('oauth4webapi').ClientAuth;
}

/** @throws AuthError `ERR_AUTH_PROVIDER` without oauth4webapi, or if the issuer wants a client authentication that is not ours */
export async function partyOf(application: Application): Promise<Party> {
  const library = await loadLibrary();
  const client = { client_id: application.clientId };
  return { ...application, library, client, authentication: authenticationOf(application, library) };
}

/** RFC 8414 §2: without a list it is `client_secret_basic`. */
function authenticationOf({ clientSecret, metadata }: Application, library: OAuthLibrary) {
  if (clientSecret === undefined) return library.None();
  const methods: unknown = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  if (!Array.isArray(methods) || methods.includes('client_secret_basic'))
    return library.ClientSecretBasic(clientSecret);
  if (methods.includes('client_secret_post')) return library.ClientSecretPost(clientSecret);
  const wanted = 'takes a client secret neither as client_secret_basic nor as client_secret_post';
  throw new AuthError('ERR_AUTH_PROVIDER', `oauth: the issuer ${phrase(metadata.issuer)} ${wanted}`);
}

/** RFC 8707 §2: the resource is named in every request. The scope is not: RFC 6749 §6 keeps it when a token is renewed. */
export function targetOf({ resource }: Application): Record<string, string> {
  return resource === undefined ? {} : { resource };
}

/** Resource, scope and login, for the request that begins a flow. */
export function wishOf(application: Application): Record<string, string> {
  const { scope, login } = application;
  return { ...targetOf(application), ...(scope === undefined ? {} : { scope }), ...login };
}

/** The options of each request. Over http the issuer is on this machine: its address was checked. */
export function requestOptions({ library, metadata, fetch }: Party, signal?: AbortSignal) {
  return {
    [library.customFetch]: fetch as never,
    [library.allowInsecureRequests]: metadata.issuer.startsWith('http:'),
    ...(signal && { signal }),
  };
}

/** `sent`: what an error code must not repeat, beside the secret of the client (SEC-60). */
export function stepOf({ metadata, clientSecret }: Application, what: string, ...sent: readonly string[]): IssuerStep {
  const long = sent.filter((one) => one.length >= SECRET_LENGTH);
  return { what, issuer: metadata.issuer, secrets: clientSecret === undefined ? long : [clientSecret, ...long] };
}
