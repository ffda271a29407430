/** The options of `oauth()`, checked at once. */

import type { AxiosInstance } from 'axios';
import { AuthError } from '../errors.js';
import { originOf } from '../providers/origin.js';
import type { TerminalOptions } from '../providers/terminal/terminal.js';
import { isLoopback } from '../syntax/loopback.js';
import { ownOptions } from '../syntax/options.js';
import { parseUrl } from '../syntax/url.js';
import type { TokenStore } from './tokens/store/token-store.js';

/** Options of `oauth()`. */
export interface OAuthOptions extends TerminalOptions {
  /** The issuer identifier (RFC 8414 §2), as the issuer itself spells it: `https://id.example`. http only on this machine. */
  readonly issuer?: string | undefined;
  /** Whether the server that asks for a token may name its issuer (RFC 9728); by default not. */
  readonly discover?: boolean | undefined;
  /** Under which id this program is registered with the issuer. */
  readonly clientId: string;
  /** The secret of the client, or where it comes from; `undefined` for a public client. */
  readonly clientSecret?: string | (() => string | undefined | Promise<string | undefined>) | undefined;
  /** What the token shall allow, separated by spaces (RFC 6749 §3.3). */
  readonly scope?: string | undefined;
  /** For which resource the token is (RFC 8707): named in every request to the issuer. */
  readonly resource?: string | undefined;
  /** The only origin that gets the token; by default that of `resource` if it is a web address, else that of the client. */
  readonly origin?: string | undefined;
  /** By default `auto`: with a secret client credentials, else a person logs in with the browser, or on another device. */
  readonly flow?: 'auto' | 'client-credentials' | 'device' | 'browser' | undefined;
  /** Where tokens are kept; by default in the keychain of the operating system. `false`: in the memory of this process. */
  readonly store?: TokenStore | false | undefined;
  /** The client that requests to the issuer go through, with its proxy, CA and agent; by default a new one. */
  readonly http?: AxiosInstance | undefined;
  /** Opens the browser; by default the program of the platform, and only with a terminal. */
  readonly open?: ((url: string) => void | Promise<void>) | undefined;
  /** Where the browser comes back to, for issuers that want a fixed address: `http://127.0.0.1:<port><path>`. */
  readonly redirect?: OAuthRedirect | undefined;
  /** Whether a person may be asked; by default if there is a terminal, as with `prompt()`. */
  readonly prompt?: boolean | undefined;
}

/** The parts of the address on this machine that may be fixed. */
export interface OAuthRedirect {
  /** By default any that is free (RFC 8252 §7.3). */
  readonly port?: number | undefined;
  /** By default a random one, which nobody can guess. */
  readonly path?: string | undefined;
}

const NAMES = [
  ...(['issuer', 'discover', 'clientId', 'clientSecret', 'scope', 'resource', 'origin', 'flow', 'store'] as const),
  ...(['http', 'open', 'redirect', 'prompt', 'input', 'output', 'prefix', 'environment'] as const),
];
const FLOWS: ReadonlyArray<unknown> = ['auto', 'client-credentials', 'device', 'browser'];

/** A copy with own properties only, whose `origin` is the one that gets the token, if it is fixed. */
export type OAuthSettings = OAuthOptions;

/** @throws AuthError `ERR_AUTH_OPTION` */
export function oauthSettings(options: OAuthOptions): OAuthSettings {
  const own = ownOptions(options, NAMES, 'oauth');
  for (const [name, isRight, wanted] of RULES) {
    const value: unknown = own[name];
    if (value !== undefined && !isRight(value)) throw wrong(`${name} ${wanted}`);
  }
  if (own.clientId === undefined) throw wrong('needs a clientId');
  if (own.issuer === undefined && own.discover !== true) throw wrong('needs an issuer, or discover: true');
  if (own.flow === 'client-credentials' && own.clientSecret === undefined)
    throw wrong("flow 'client-credentials' needs a clientSecret");
  const redirect = own.redirect && ownOptions(own.redirect, ['port', 'path'], 'oauth: redirect');
  return Object.assign(Object.create(null), own, { redirect, origin: originFor(own) });
}

/** Whether the program itself gets the token, without a person. */
export function isForProgram({ flow = 'auto', clientSecret }: OAuthSettings): boolean {
  return flow === 'client-credentials' || (flow === 'auto' && clientSecret !== undefined);
}

/** A token for a resource is sent to no other. */
function originFor({ origin, resource }: OAuthOptions): string | undefined {
  if (origin !== undefined) return originOf(origin, 'oauth: origin');
  return resource !== undefined && /^https?:/i.test(resource) ? originOf(resource, 'oauth: resource') : undefined;
}

type Rule = readonly [name: keyof OAuthOptions, isRight: (value: unknown) => boolean, wanted: string];

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isFunction = (value: unknown) => typeof value === 'function';
const isBoolean = (value: unknown) => typeof value === 'boolean';

const RULES: readonly Rule[] = [
  ['issuer', isIssuer, 'is not an issuer: an https address without query and fragment (http only on this machine)'],
  ['discover', isBoolean, 'is not a boolean'],
  ['clientId', isText, 'is not text'],
  ['clientSecret', (value) => isText(value) || isFunction(value), 'is neither text nor a function'],
  ['scope', isScope, 'is not a list of scopes, separated by single spaces (RFC 6749 §3.3)'],
  ['resource', isResource, 'is not an absolute URI without a fragment (RFC 8707 §2)'],
  ['origin', isText, 'is not text'],
  ['flow', (value) => FLOWS.includes(value), `is none of ${FLOWS.join(', ')}`],
  ['store', isStore, 'is neither false nor a store with get, set and delete'],
  ['http', (value) => isFunction(Object(value).request), 'is not an axios client'],
  ['open', isFunction, 'is not a function'],
  ['redirect', isRedirect, 'is not { port, path }: a port from 1 to 65535, a path that begins with a slash'],
  ['prompt', isBoolean, 'is not a boolean'],
];

/** RFC 8414 §2. */
function isIssuer(value: unknown): boolean {
  const url = typeof value === 'string' ? parseUrl(value) : undefined;
  if (!url || /[?#\s]/.test(value as string) || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

function isScope(value: unknown): boolean {
  return typeof value === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/.test(value);
}

function isResource(value: unknown): boolean {
  return typeof value === 'string' && !value.includes('#') && parseUrl(value) !== undefined;
}

function isStore(value: unknown): boolean {
  return value === false || ['get', 'set', 'delete'].every((name) => isFunction(Object(value)[name]));
}

function isRedirect(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { port, path }: { port?: unknown; path?: unknown } = Object.assign(Object.create(null), value);
  const isPort = port === undefined || (Number.isInteger(port) && (port as number) > 0 && (port as number) < 65_536);
  return isPort && (path === undefined || (typeof path === 'string' && /^\/[\w.~!$&'()*+,;=:@%/-]*$/.test(path)));
}

function wrong(reason: string): AuthError {
  return new AuthError('ERR_AUTH_OPTION', `oauth: ${reason}`);
}
