/** Receives the browser once, after the login, at an address of this machine (RFC 8252 §7.3, §8.3). */

import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { withinTime } from '../../base/abort.js';
import { AuthError } from '../../errors.js';
import { kindOf } from '../../syntax/said.js';

/** Where the browser is received. */
export interface CallbackPlace {
  /** By default any that is free. */
  readonly port?: number | undefined;
  /** By default one that cannot be guessed. */
  readonly path?: string | undefined;
}

/** A server that waits for the browser. */
export interface Callback {
  readonly redirectUri: string;
  /** The parameters of the first hit. @throws AuthError `ERR_AUTH_PROVIDER` after five minutes, `ERR_AUTH_CANCELLED` with the signal */
  hit(signal?: AbortSignal): Promise<URLSearchParams>;
  close(): void;
}

const WAIT_MS = 5 * 60_000;
const HOST = '127.0.0.1';

// Without a script, and without anything of the request. The address of the page holds the code: it goes nowhere.
const PAGE =
  '<!doctype html><meta charset="utf-8"><title>Done</title><p>You can close this page, and go back to the program.';
const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  Connection: 'close',
};

/** Listens until the first hit, or until `close`. @throws AuthError `ERR_AUTH_PROVIDER` if the port is taken */
export async function openCallback(place: CallbackPlace, milliseconds = WAIT_MS): Promise<Callback> {
  const { port = 0, path = `/${randomBytes(16).toString('base64url')}` } = place;
  let resolve = (_query: URLSearchParams) => {};
  const promise = new Promise<URLSearchParams>((settle) => {
    resolve = settle;
  });
  const server = createServer((request, response) => {
    const query = queryOf(request, server, path);
    if (query === undefined) return refuse(request, response);
    response.writeHead(200, HEADERS).end(PAGE);
    server.close();
    resolve(query);
  });
  await listening(server, port);
  return {
    redirectUri: `http://${HOST}:${portOf(server)}${path}`,
    hit: (signal) => withinTime(promise, { milliseconds, signal, late, left }),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The query of a GET of the very address; `undefined` for any other request, such as one for another host name (DNS rebinding). */
function queryOf({ method, url = '', headers }: IncomingMessage, server: Server, path: string) {
  const [asked, query] = [url.split('?', 1)[0], url.slice(url.indexOf('?') + 1)];
  if (method !== 'GET' || asked !== path || asked === url) return undefined;
  return headers.host === `${HOST}:${portOf(server)}` ? new URLSearchParams(query) : undefined;
}

function refuse({ method }: IncomingMessage, response: ServerResponse): void {
  response.writeHead(method === 'GET' ? 404 : 405, { Allow: 'GET', Connection: 'close' }).end();
}

async function listening(server: Server, port: number): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, HOST, resolve));
  } catch (error) {
    throw new AuthError('ERR_AUTH_PROVIDER', `oauth: browser: port ${port} cannot be listened on (${kindOf(error)})`);
  }
}

function portOf(server: Server): number | undefined {
  return (server.address() as AddressInfo | null)?.port;
}

function late(): AuthError {
  return new AuthError('ERR_AUTH_PROVIDER', 'oauth: browser: nobody came back from the login within five minutes');
}

function left(): AuthError {
  return new AuthError('ERR_AUTH_CANCELLED', 'oauth: browser: the login was given up');
}
