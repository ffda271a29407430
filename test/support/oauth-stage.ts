/** A resource server that asks for a token, and a client with `oauth()`, for one story. */

import axios, { type AxiosInstance } from 'axios';
import { type AuthOptions, installAuth } from '../../src/index.js';
import { type OAuthOptions, oauth, type TokenStore } from '../../src/oauth/oauth.js';
import type { Oidc } from './oidc.js';
import { bare, plainServer } from './stage.js';

/** The resource server. */
export interface Api {
  readonly url: string;
  /** The tokens that came, `''` where none came. */
  readonly tokens: string[];
  /** From now on this token is refused. */
  revoke(token: string): void;
}

/** Lets in whoever has a token that the issuer's key has signed for this resource. */
export async function api(id: Pick<Oidc, 'verify'>): Promise<Api> {
  const tokens: string[] = [];
  const revoked = new Set<string>();
  const { url } = await plainServer(async (request, response) => {
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    tokens.push(token);
    const isGood = token !== '' && !revoked.has(token) && (await id.verify(token).catch(() => undefined)) !== undefined;
    const error = token === '' ? '' : ', error="invalid_token"';
    response.writeHead(isGood ? 200 : 401, isGood ? {} : { 'WWW-Authenticate': `Bearer realm="api"${error}` });
    response.end(JSON.stringify(isGood ? 'let in' : 'no'));
  });
  return { url, tokens, revoke: (token) => void revoked.add(token) };
}

/** A client that has no other credential than that of `oauth()`. */
export function oauthClient(url: string, options: OAuthOptions, auth: AuthOptions = {}): AxiosInstance {
  const client = bare(url);
  installAuth(client, { providers: [oauth({ store: false, origin: url, ...options })], ...auth });
  return client;
}

/** A store that a test can look into. */
export function tokenStore(): TokenStore & { readonly values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    get: async (key) => values.get(key),
    set: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.delete(key),
  };
}

/** A client of the user's for the issuer, with the time that a device waits shortened to a second. */
export function impatient(): AxiosInstance {
  const http = axios.create({ proxy: false });
  http.interceptors.response.use((response) => {
    if (!response.config.url?.endsWith('/device/auth')) return response;
    return { ...response, data: Buffer.from(JSON.stringify({ ...JSON.parse(String(response.data)), interval: 1 })) };
  });
  return http;
}
