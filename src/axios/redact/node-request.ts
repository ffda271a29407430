/** Hides a request's authorizations in the objects that Node and follow-redirects keep of it (SEC-27). */

import http from 'node:http';
import https from 'node:https';
import { concealed, concealedBlock, concealFields, concealUrl } from './headers.js';
import { veil } from './veil.js';

/** The parts of a ClientRequest, of a RedirectableRequest, and of their sockets and options that hold what was sent. */
interface NodeParts {
  _header?: unknown;
  readonly _headerSent?: unknown;
  readonly destroyed?: unknown;
  /** `outputData` waits for a socket, `_pendingData` for the socket's connection. */
  readonly outputData?: unknown;
  _pendingData?: unknown;
  readonly socket?: unknown;
  readonly encrypted?: unknown;
  /** The request that currently uses the socket. */
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

/** Whether Node's records show that no authorization was sent: a fast path, true for most requests. */
export function sentNoAuthorization(request: object): boolean {
  const { _headerSent: isSent } = request as NodeParts;
  const fields = isSent === true ? fieldsOf(request) : undefined;
  return fields !== undefined && !fields.authorization && !fields['proxy-authorization'];
}

const TUNNELS_OWN = ['auth', 'headers'];

/**
 * Veils the proxy's authorization in an agent that opens tunnels: the agent still reads it by name for the next tunnel,
 * but no log shows it.
 */
export function veilTunnel(request: object): void {
  const { agent, _currentRequest: current } = request as NodeParts;
  const opener = ((isObject(current) ? current.agent : agent) ?? {}) as { proxy?: object };
  const { proxy } = opener;
  if (!isObject(proxy)) return;
  const names = TUNNELS_OWN.filter((name) => Object.getOwnPropertyDescriptor(proxy, name)?.enumerable);
  if (names.length === 0) return;
  const shown = Object.entries(proxy).filter(([name]) => !names.includes(name));
  const hidden = Object.entries(proxy).filter(([name]) => names.includes(name));
  opener.proxy = veil(Object.fromEntries(shown), Object.fromEntries(hidden));
}

/**
 * Hides the authorizations of a request: Node's if it has finished, that of follow-redirects if it was canceled. Returns
 * whether it is Node's, which keeps them nowhere else.
 */
export function concealNodeRequest(request: object): boolean {
  const { _redirectable, _currentRequest, res } = request as NodeParts;
  const redirectable = isObject(_redirectable) ? _redirectable : (request as NodeParts);
  const { _options: options, _isRedirect: isRedirect } = redirectable;
  concealMessage(request);
  if (isObject(_currentRequest)) concealMessage(_currentRequest);
  const isNodes = fieldsOf(request) !== undefined;
  if (!isObject(options)) return false;
  concealFields(options.headers);
  if (!isRedirect && typeof options.auth !== 'string') return isNodes;
  concealAuth(options);
  concealUrl(redirectable, '_currentUrl');
  if (isObject(res)) concealUrl(res, 'responseUrl');
  return isNodes;
}

/**
 * Hides the authorizations in the request that a redirect has just ended, found by the options that follow-redirects
 * uses for the next hop. Only an earlier response on the same socket still leads to that request.
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

function socketsOf(agent: unknown): readonly NodeParts[] {
  return Object.values((agent as Partial<http.Agent>).sockets ?? {}).flat() as NodeParts[];
}

/** Does nothing before the header block was sent or given up; after that, Node only checks that the block exists. */
function concealMessage(request: NodeParts): void {
  if (request._headerSent !== true && request.destroyed !== true) return;
  concealFieldsOf(request);
  const { outputData, socket } = request;
  if (request.destroyed === true && Array.isArray(outputData) && outputData.length > 0) outputData.length = 0;
  if (!isObject(socket)) return;
  // Node writes the data from a closure once the socket is connected, and keeps this property only to count bytes.
  if (socket._pendingData) socket._pendingData = null;
  const options = connectOptionsOf(socket);
  if (options) concealFields(options.headers);
  concealAuth(options);
}

function concealFieldsOf(request: NodeParts): void {
  if (typeof request._header === 'string') request._header = concealedBlock(request._header);
  const fields = fieldsOf(request);
  if (fields?.authorization) concealSecond(fields.authorization);
  if (fields?.['proxy-authorization']) concealSecond(fields['proxy-authorization']);
}

/** A field is an array of two: the name as it was spelt, and the value. */
function concealSecond(field: unknown[]): void {
  field[1] = concealed(String(field[1]));
}

function concealAuth(options: NodeParts | undefined): void {
  if (!options) return;
  if (typeof options.auth === 'string') options.auth = undefined;
  concealUrl(options as { href?: unknown }, 'href');
}

/** Header fields by lower-case name. */
type Fields = Readonly<Record<string, unknown[] | undefined>>;

let outHeaders: symbol | undefined;

/** The fields of a ClientRequest; `undefined` for anything else. */
function fieldsOf(request: object): Fields | undefined {
  outHeaders ??= symbolOf(request, 'kOutHeaders');
  return outHeaders && (((request as Record<symbol, unknown>)[outHeaders] as Fields | null | undefined) ?? undefined);
}

let connectOptions: symbol | undefined;

/** A TLS socket keeps the options of the request that it was opened for. */
function connectOptionsOf(socket: NodeParts): NodeParts | undefined {
  if (!socket.encrypted) return undefined;
  connectOptions ??= symbolOf(socket, 'connect-options');
  return connectOptions && (socket as Record<symbol, NodeParts | undefined>)[connectOptions];
}

function symbolOf(holder: object, description: string): symbol | undefined {
  return Object.getOwnPropertySymbols(holder).find((symbol) => symbol.description === description);
}

function isObject(value: unknown): value is NodeParts {
  return typeof value === 'object' && value !== null;
}
