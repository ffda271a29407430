/** Hides what authorized a request in what Node and follow-redirects keep of it (SEC-27). */

import http from 'node:http';
import https from 'node:https';
import { concealed, concealedBlock, concealFields, concealUrl } from './concealed.js';

/** The parts of a ClientRequest, of a RedirectableRequest, and of their sockets and options that hold what was sent. */
interface Remains {
  _header?: unknown;
  readonly _headerSent?: unknown;
  readonly destroyed?: unknown;
  /** What waits for a socket, and what waits for a connection. */
  readonly outputData?: unknown;
  _pendingData?: unknown;
  readonly socket?: unknown;
  readonly encrypted?: unknown;
  /** The request that has the socket. */
  readonly _httpMessage?: unknown;
  readonly res?: unknown;
  readonly agent?: unknown;
  readonly _redirectable?: unknown;
  readonly _currentRequest?: unknown;
  readonly _isRedirect?: unknown;
  _currentUrl?: unknown;
  responseUrl?: unknown;
  readonly _options?: unknown;
  readonly headers?: unknown;
  auth?: unknown;
}

/** Whether Node knows that it sent no authorization. Most requests send none, and this is all they cost. */
export function isBare(request: object): boolean {
  const { _headerSent: isSent } = request as Remains;
  const fields = isSent === true ? fieldsOf(request) : undefined;
  return fields !== undefined && !fields.authorization && !fields['proxy-authorization'];
}

/** What opens tunnels through a proxy needs the authorization again: it stays in place, where only its reader sees it. */
export function veilTunnel(request: object): void {
  const { agent, _currentRequest: current } = request as Remains;
  const { proxy } = ((isObject(current) ? current.agent : agent) ?? {}) as { proxy?: Remains };
  if (!isObject(proxy)) return;
  veil(proxy, 'auth');
  if (isObject(proxy.headers)) veil(proxy.headers, 'Proxy-Authorization');
}

function veil(holder: object, name: string): void {
  const { value } = Object.getOwnPropertyDescriptor(holder, name) ?? {};
  if (typeof value === 'string') Object.defineProperty(holder, name, { get: () => value });
}

/** A finished request is Node's own; one that was given up, that of follow-redirects. */
export function concealNodeRequest(request: object): void {
  const { _redirectable, _currentRequest, res } = request as Remains;
  const redirectable = isObject(_redirectable) ? _redirectable : (request as Remains);
  const { _options: options, _isRedirect: isRedirect } = redirectable;
  concealMessage(request);
  if (isObject(_currentRequest)) concealMessage(_currentRequest);
  if (!isObject(options)) return;
  concealFields(options.headers);
  if (!isRedirect && typeof options.auth !== 'string') return;
  concealAuth(options);
  concealUrl(redirectable, '_currentUrl');
  if (isObject(res)) concealUrl(res, 'responseUrl');
}

/**
 * Hides it in the request that a redirect has just ended, given the options that follow-redirects goes on with. Only an
 * earlier response on the same socket leads there.
 */
export function concealHop(options: { readonly agent?: unknown }): void {
  const agents = options.agent ? [options.agent] : [http.globalAgent, https.globalAgent];
  for (const socket of agents.flatMap(socketsOf)) {
    const { _httpMessage: message } = socket;
    if (!isObject(message) || !isObject(message._redirectable) || message._redirectable._options !== options) continue;
    concealFieldsOf(message);
    concealAuth(connectOptionsOf(socket));
  }
}

function socketsOf(agent: unknown): readonly Remains[] {
  return Object.values((agent as Partial<http.Agent>).sockets ?? {}).flat() as Remains[];
}

/** Not before the header block has left, or never will: from then on Node only asks whether there is one. */
function concealMessage(request: Remains): void {
  if (request._headerSent !== true && request.destroyed !== true) return;
  concealFieldsOf(request);
  if (request.destroyed === true && Array.isArray(request.outputData)) request.outputData.length = 0;
  const { socket } = request;
  if (!isObject(socket)) return;
  // Node writes it from a closure once there is a connection, and keeps this to count its bytes.
  if (socket._pendingData) socket._pendingData = null;
  const options = connectOptionsOf(socket);
  if (options) concealFields(options.headers);
  concealAuth(options);
}

function concealFieldsOf(request: Remains): void {
  if (typeof request._header === 'string') request._header = concealedBlock(request._header);
  const fields = fieldsOf(request);
  concealSecond(fields?.authorization);
  concealSecond(fields?.['proxy-authorization']);
}

/** The name as it was spelt, and the value. */
function concealSecond(field: unknown[] | undefined): void {
  if (field) field[1] = concealed(String(field[1]));
}

function concealAuth(options: Remains | undefined): void {
  if (!options) return;
  if (typeof options.auth === 'string') options.auth = undefined;
  concealUrl(options as { href?: unknown }, 'href');
}

/** By lower-case name. */
type Fields = Readonly<Record<string, unknown[] | undefined>>;

let outHeaders: symbol | undefined;

/** The fields of a ClientRequest; `undefined` for anything else. */
function fieldsOf(request: object): Fields | undefined {
  outHeaders ??= symbolOf(request, 'kOutHeaders');
  return outHeaders && (((request as Record<symbol, unknown>)[outHeaders] as Fields | null | undefined) ?? undefined);
}

let connectOptions: symbol | undefined;

/** A TLS socket keeps the options of the request that it was opened for. */
function connectOptionsOf(socket: Remains): Remains | undefined {
  if (!socket.encrypted) return undefined;
  connectOptions ??= symbolOf(socket, 'connect-options');
  return connectOptions && (socket as Record<symbol, Remains | undefined>)[connectOptions];
}

function symbolOf(holder: object, description: string): symbol | undefined {
  return Object.getOwnPropertySymbols(holder).find((symbol) => symbol.description === description);
}

function isObject(value: unknown): value is Remains {
  return typeof value === 'object' && value !== null;
}
