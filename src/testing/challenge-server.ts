/**
 * A strict HTTP authentication server for tests and demos, written from the RFCs; it shares no code with the client.
 *
 * @module axios-challenge/testing
 */

import { X509Certificate } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tribunal } from './authenticator.js';
import type { ChallengeServerOptions } from './options.js';
import { draftOf, type ReceivedRequest } from './received-request.js';
import { respond, type Setting } from './respond.js';
import { openTunnels } from './tunnel.js';

export type { ChallengeServerOptions } from './options.js';
export type {
  BasicProtection,
  BearerProtection,
  DigestAlgorithm,
  DigestProtection,
  NtlmProtection,
  Protect,
  Protection,
  RawProtection,
} from './protection.js';
export type { ReceivedRequest } from './received-request.js';

/** A running server. */
export interface ChallengeServer {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  /** Every request in the order of arrival. `requests.length = 0` empties the list. */
  readonly requests: ReceivedRequest[];
  /** Stops listening and ends every connection. */
  close(): Promise<void>;
  /** The same as `close`, for `await using server = await challengeServer()`. */
  [Symbol.asyncDispose](): Promise<void>;
  /** Lets the process end although the server listens, as `unref` of Node's servers does. Returns the server itself. */
  unref(): ChallengeServer;
}

/**
 * Starts a server that sends challenges (RFC 9110 §11.3) and judges authorizations strictly (RFC 7616, 7617, 6750,
 * 2069). It answers an authorization that breaks the RFCs with a 400, whose body says what is wrong.
 *
 * @param options the challenges and the users; by default Digest SHA-256, user `alice` and password `wonderland`
 * @returns the server, listening
 * @throws TypeError when a realm or a raw challenge cannot be a field value
 *
 * @example
 * const server = await challengeServer({ protect: { '/private': { scheme: 'basic', realm: 'Files' } } });
 * await fetch(`${server.url}/private`);   // 401, WWW-Authenticate: Basic realm="Files"
 * console.log(server.requests[0]?.status);
 * await server.close();
 */
export async function challengeServer(options: ChallengeServerOptions = {}): Promise<ChallengeServer> {
  const { users = { alice: 'wonderland' }, tokens = [], host = '127.0.0.1', tls, status = 401 } = options;
  const protect = options.protect ?? { scheme: 'digest', algorithm: 'SHA-256' };
  const name = host.includes(':') ? `[${host}]` : host;
  const own = { certificate: tls && derOf(tls.cert), proxy: status === 407 ? name : undefined };
  const setting: Setting = { options, status, judge: tribunal(protect, { users, tokens, ...own }) };
  const requests: ReceivedRequest[] = [];
  const converse = (request: IncomingMessage, response: ServerResponse): void => {
    const received = draftOf(request);
    requests.push(received);
    void respond(setting, received, request, response);
  };
  const server = tls ? createTlsServer({ ...tls }, converse) : createServer(converse);
  server.on('checkContinue', converse);
  const closeTunnels = status === 407 ? openTunnels(server, setting.judge, requests) : () => {};
  // Node's default of 5 seconds would close idle connections in the middle of a slow test.
  server.keepAliveTimeout = 60_000;
  await listen(server, host, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const stop = () => close(server, closeTunnels);
  const running: ChallengeServer = {
    url: `${tls ? 'https' : 'http'}://${name}:${port}`,
    requests,
    close: stop,
    [Symbol.asyncDispose]: stop,
    unref: () => {
      server.unref();
      // A connection that a client keeps alive is no reason to go on either.
      server.on('connection', (socket) => socket.unref());
      return running;
    },
  };
  return running;
}

function derOf(certificate: string): Buffer {
  return new X509Certificate(certificate).raw;
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
}

function close(server: Server, closeTunnels: () => void): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
    closeTunnels();
  });
}
