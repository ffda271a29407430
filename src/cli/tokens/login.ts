/** What is remembered of a login: the names under which its token is kept. None of them is a secret. */

import { tokenKey } from '../../oauth/issuer-for.js';
import { type OAuthOptions, oauthSettings } from '../../oauth/options.js';
import { parseUrl } from '../../syntax/url.js';

/** A person logged in at an issuer. */
export interface OAuthLogin {
  readonly kind: 'oauth';
  readonly origin: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly scope?: string;
  readonly resource?: string;
  /** Whether the server named the issuer. */
  readonly discover?: true;
  readonly flow?: 'device';
  readonly redirect?: { readonly port?: number; readonly path?: string };
}

/** A person brought a token. */
export interface TokenLogin {
  readonly kind: 'token';
  readonly origin: string;
}

export type Login = OAuthLogin | TokenLogin;

const NAMES = ['issuer', 'clientId', 'scope', 'resource', 'discover', 'flow', 'redirect'] as const;

/** The options of `oauth()` for a login. */
export function optionsOf(login: OAuthLogin): OAuthOptions & { readonly clientId: string } {
  const given = NAMES.flatMap((name) => (login[name] === undefined ? [] : [[name, login[name]]]));
  return { ...Object.fromEntries(given), origin: login.origin };
}

/** Under what the token is kept. */
export function keyOf(login: Login): string {
  if (login.kind === 'token') return JSON.stringify(['token', login.origin]);
  return tokenKey({ issuer: login.issuer, resource: login.resource }, login, login.clientId);
}

export function formatLogin(login: Login): string {
  const { kind, origin } = login;
  return `${JSON.stringify(kind === 'oauth' ? { kind, ...optionsOf(login) } : { kind, origin }, null, 2)}\n`;
}

/** `undefined` for a text that is no login: garbage in a file is a login that is not there. */
export function parseLogin(text: string): Login | undefined {
  try {
    const { kind, origin, ...names }: Record<string, unknown> = Object.assign(Object.create(null), JSON.parse(text));
    if (typeof origin !== 'string' || parseUrl(origin)?.origin !== origin) return undefined;
    if (kind === 'token') return { kind, origin };
    if (kind !== 'oauth' || typeof names.issuer !== 'string') return undefined;
    const login = { kind, origin, ...names } as OAuthLogin;
    oauthSettings(optionsOf(login));
    return login;
  } catch {
    return undefined;
  }
}
