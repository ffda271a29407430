/** The proxy on the way of a request: the one that axios was told to use, or the one that has answered. */

import type { AxiosProxyConfig, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Target } from '../exchange/wire.js';
import type { PasswordCredential } from '../model.js';
import { parseUrl } from '../syntax/url.js';
import { usesFetch } from './adapter.js';

/** A proxy, as one who asks for credentials. */
export interface ProxyServer {
  /** `http://proxy.example:3128` */
  readonly origin: string;
  /** What the caller gave for it, in `config.proxy.auth` or in the URL of the environment: axios sends it with Basic. */
  readonly credential: PasswordCredential | undefined;
}

/** The proxy of `config.proxy`; that of the environment is not known before it has answered. */
export function configuredProxy(config: InternalAxiosRequestConfig): ProxyServer | undefined {
  const proxy: unknown = Object.hasOwn(config, 'proxy') ? config.proxy : undefined;
  if (typeof proxy !== 'object' || proxy === null || !canUseProxy(config)) return undefined;
  const { protocol = 'http', host, hostname = host, port, auth }: ProxyFields = own(proxy);
  return proxyAt(`${String(protocol).replace(/:?$/, '')}://${bracketed(String(hostname))}:${port ?? ''}`, auth);
}

/** The proxy that gave a 407; `undefined` when it was the origin, or when the tunnel is not axios's own. */
export function answeringProxy(response: AxiosResponse, config: InternalAxiosRequestConfig): ProxyServer | undefined {
  const request = (response.request ?? {}) as SentRequest;
  if (!canUseProxy(config)) return undefined;
  if (/^http:/i.test(String(request.path))) return configuredProxy(config) ?? environmentProxy(String(request.host));
  const tunnel = request.agent?.proxy;
  // Within TLS it is the origin that speaks, whatever it says (SEC-06).
  if (!tunnel || request.agent === config.httpsAgent || request.socket?.encrypted) return undefined;
  const { protocol = 'http:', hostname, host = hostname, port, auth } = tunnel;
  return proxyAt(`${protocol}//${bracketed(String(host))}:${port ?? ''}`, auth);
}

/** The parts of `response.request` that tell of a proxy. */
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

/** Only axios's http adapter knows proxies, and not for HTTP/2 and sockets. */
export function canUseProxy(config: InternalAxiosRequestConfig): boolean {
  // Not taken apart in the parameter: that is published, and `httpVersion` is no member before axios 1.13.
  const { adapter, socketPath, httpVersion } = config;
  return typeof adapter !== 'function' && !usesFetch(adapter) && !socketPath && httpVersion !== 2;
}

/** The variable is known to be in force, as its host was used: the rules of NO_PROXY have been applied by axios. */
function environmentProxy(host: string): ProxyServer | undefined {
  for (const name of ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY']) {
    const value = process.env[name];
    const url = value?.includes('://') ? value : `http://${value}`;
    const hostname = value && parseUrl(url)?.hostname;
    if (hostname && unbracketed(hostname) === unbracketed(host)) return proxyAt(url);
  }
  return undefined;
}

function proxyAt(url: string, auth?: unknown): ProxyServer | undefined {
  const parsed = parseUrl(url);
  if (!parsed) return undefined;
  const { protocol, host, username, password } = parsed;
  const userinfo = username === '' ? undefined : { username: decode(username), password: decode(password) };
  // Not `origin`, which is "null" for what is neither http nor https.
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

/** `config.proxy` for exactly this proxy, without a credential: an `auth` would overwrite the header. */
export function proxyConfig({ origin }: ProxyServer): AxiosProxyConfig {
  const { protocol, hostname, port } = new URL(origin);
  return { protocol, host: unbracketed(hostname), port: Number(port) || (protocol === 'https:' ? 443 : 80) };
}

/** Node's agents want an IPv6 address without brackets, and URLs with them. */
function unbracketed(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function bracketed(hostname: string): string {
  return hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Own properties, and those of a URL object; nothing of Object.prototype (SEC-28). */
function own<T extends object>(fields: object): T {
  if (fields instanceof URL) {
    const { protocol, hostname, port, username, password } = fields;
    const auth = username === '' ? undefined : { username: decode(username), password: decode(password) };
    return Object.assign(Object.create(null), { protocol, hostname, port, auth });
  }
  return Object.assign(Object.create(null), fields);
}
