/** The proxy of a request: either the proxy that axios was told to use, or the proxy that answered. */

import type { AxiosProxyConfig, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Target } from '../../exchange/port/transport.js';
import type { PasswordCredential } from '../../model.js';
import { decodeOnce, parseUrl } from '../../syntax/url.js';
import { usesFetch } from '../client/adapter.js';

/** A proxy that may send a challenge. */
export interface ProxyServer {
  /** `http://proxy.example:3128` */
  readonly origin: string;
  /** The credential in `config.proxy.auth` or in the URL of the environment; axios sends it with Basic. */
  readonly credential: PasswordCredential | undefined;
}

/** The proxy of `config.proxy`; a proxy of the environment is not known before it answers. */
export function configuredProxy(config: InternalAxiosRequestConfig): ProxyServer | undefined {
  const proxy: unknown = Object.hasOwn(config, 'proxy') ? config.proxy : undefined;
  if (typeof proxy !== 'object' || proxy === null || !canUseProxy(config)) return undefined;
  const { protocol = 'http', host, hostname = host, port, auth }: ProxyFields = own(proxy);
  return proxyAt(`${String(protocol).replace(/:?$/, '')}://${bracketed(String(hostname))}:${port ?? ''}`, auth);
}

/** The proxy that gave a 407; `undefined` if the origin gave it, or if the tunnel is not axios's own. */
export function answeringProxy(response: AxiosResponse, config: InternalAxiosRequestConfig): ProxyServer | undefined {
  const request = (response.request ?? {}) as SentRequest;
  if (!canUseProxy(config)) return undefined;
  if (/^http:/i.test(String(request.path))) return configuredProxy(config) ?? environmentProxy(String(request.host));
  const tunnel = request.agent?.proxy;
  // Within TLS the response comes from the origin, whatever its status (SEC-06).
  if (!tunnel || request.agent === config.httpsAgent || request.socket?.encrypted) return undefined;
  const { protocol = 'http:', hostname, host = hostname, port, auth } = tunnel;
  return proxyAt(`${protocol}//${bracketed(String(host))}:${port ?? ''}`, auth);
}

/** The parts of `response.request` that show the proxy. */
interface SentRequest {
  readonly path?: unknown;
  readonly host?: unknown;
  readonly agent?: { readonly proxy?: ProxyFields };
  readonly socket?: { readonly encrypted?: boolean };
}

interface ProxyFields {
  readonly protocol?: string;
  readonly host?: string;
  readonly hostname?: string;
  readonly port?: string | number;
  readonly auth?: unknown;
}

/** Whether axios may use a proxy: only its http adapter does, but not for HTTP/2 and Unix sockets. */
export function canUseProxy(config: InternalAxiosRequestConfig): boolean {
  // Not destructured in the parameter: the published types would then name `httpVersion`, which axios before 1.13 does
  // not have.
  const { adapter, socketPath, httpVersion } = config;
  return typeof adapter !== 'function' && !usesFetch(adapter) && !socketPath && httpVersion !== 2;
}

/** The proxy of the environment with this host. axios has used the host, so axios has already applied NO_PROXY. */
function environmentProxy(host: string): ProxyServer | undefined {
  for (const name of ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY']) {
    const value = process.env[name];
    const url = value?.includes('://') ? value : `http://${value}`;
    const hostname = value && parseUrl(url)?.hostname;
    if (hostname && unbracketed(hostname) === unbracketed(host)) return proxyAt(url);
  }
  return undefined;
}

/** The proxy that a URL names. */
export function proxyAt(url: string, auth?: unknown): ProxyServer | undefined {
  const parsed = parseUrl(url);
  if (!parsed) return undefined;
  const { protocol, host, username, password } = parsed;
  const userinfo = username === '' ? undefined : { username: decodeOnce(username), password: decodeOnce(password) };
  // Not `parsed.origin`, which is "null" for schemes other than http and https.
  return { origin: `${protocol}//${host}`, credential: credentialOf(auth) ?? userinfo };
}

/** `{ username, password }` in a config, `username:password` in a tunnel. */
function credentialOf(auth: unknown): PasswordCredential | undefined {
  if (typeof auth === 'string') {
    const [username = '', password = ''] = auth.split(/:(.*)/s);
    return { username, password };
  }
  if (typeof auth !== 'object' || auth === null) return undefined;
  const { username, password }: { username?: unknown; password?: unknown } = own(auth);
  return { username: String(username ?? ''), password: String(password ?? '') };
}

/** A request as its proxy sees it: the absolute-form of an http target, CONNECT for https (RFC 9112 §3.2). */
export function throughProxy({ origin }: ProxyServer, { url, method, uri }: Target): Target {
  const { protocol, hostname, port, origin: absolute } = new URL(url);
  const asked =
    protocol === 'https:' ? { method: 'CONNECT', uri: `${hostname}:${port || 443}` } : { method, uri: absolute + uri };
  return { origin, url: `${origin}/`, pathname: '/', ...asked };
}

/** `config.proxy` for exactly this proxy, without a credential: axios would overwrite the header with `auth`. */
export function proxyConfig({ origin }: ProxyServer): AxiosProxyConfig {
  const { protocol, hostname, port } = new URL(origin);
  return { protocol, host: unbracketed(hostname), port: Number(port) || (protocol === 'https:' ? 443 : 80) };
}

/** Node's agents need an IPv6 address without brackets; URLs need the brackets. */
function unbracketed(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function bracketed(hostname: string): string {
  return hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname;
}

/** Copies own properties, or the parts of a URL object, but no property of Object.prototype (SEC-28). */
function own<T extends object>(fields: object): T {
  if (fields instanceof URL) {
    const { protocol, hostname, port, username, password } = fields;
    const auth = username === '' ? undefined : { username: decodeOnce(username), password: decodeOnce(password) };
    return Object.assign(Object.create(null), { protocol, hostname, port, auth });
  }
  return Object.assign(Object.create(null), fields);
}
