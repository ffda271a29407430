/**
 * A strict HTTP authentication server for tests and demos, written from the RFCs; it shares no code with the client.
 *
 * @module axios-challenge/testing
 */

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { holdResponse } from './held-response.js';
import type { Acceptance } from './judge.js';
import type { Protect } from './protection.js';
import { type Draft, draftOf, type ReceivedRequest, readBody } from './received-request.js';
import { type Outcome, type Tribunal, tribunal } from './tribunal.js';
import { openTunnels } from './tunnel.js';
import { Violation } from './violation.js';

export type {
  BasicProtection,
  BearerProtection,
  DigestAlgorithm,
  DigestProtection,
  Protect,
  Protection,
  RawProtection,
} from './protection.js';
export type { ReceivedRequest } from './received-request.js';

/** What the server asks for, and of whom. */
export interface ChallengeServerOptions {
  /** User name -> password; default `{ alice: 'wonderland' }`. Read at each request, so a test can change a password. */
  readonly users?: Readonly<Record<string, string>>;
  /** Valid bearer tokens; default none. Read at each request. */
  readonly tokens?: readonly string[];
  /**
   * What guards which path; default Digest SHA-256 for everything. Several protections are several challenges, each in
   * its own field line, and any of them may be answered. A record goes by path prefix at segment borders, the longest
   * wins, and paths not listed are open.
   */
  readonly protect?: Protect;
  /** Sees every request before any authentication, its body read; returning true says that it has answered. */
  readonly onRequest?: (
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
    // biome-ignore lint/suspicious/noConfusingVoidType: a handler without a return statement is the common one
  ) => boolean | void | Promise<boolean | void>;
  /** Answers an accepted or open request; default 200 and JSON that says what was received. */
  readonly onAuthenticated?: (received: ReceivedRequest, response: ServerResponse) => void | Promise<void>;
  /** Speak https with this key and certificate (PEM). */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: a free one. */
  readonly port?: number;
  /**
   * 407 plays a proxy (RFC 9110 §11.7): CONNECT opens a tunnel, and requests in absolute-form are answered here, as
   * `onAuthenticated` says. Default 401.
   */
  readonly status?: 401 | 407;
}

/** A running server. */
export interface ChallengeServer {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  /** Every request in the order of arrival. Empty it with `requests.length = 0`. */
  readonly requests: ReceivedRequest[];
  /** Stops listening and ends every connection. */
  close(): Promise<void>;
}

const FIELDS = {
  401: { challenge: 'WWW-Authenticate', answer: 'authorization', info: 'Authentication-Info' },
  407: { challenge: 'Proxy-Authenticate', answer: 'proxy-authorization', info: 'Proxy-Authentication-Info' },
} as const;

interface Setting {
  readonly options: ChallengeServerOptions;
  readonly status: 401 | 407;
  readonly judge: Tribunal;
}

/**
 * Starts a server that challenges (RFC 9110 §11.3), judges the answers strictly (RFC 7616, 7617, 6750, 2069), and
 * answers 400 with a sentence to a client that breaks the grammar.
 *
 * @param options what to ask for; by default Digest SHA-256 with the user `alice` and the password `wonderland`
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
  const { users = { alice: 'wonderland' }, tokens = [], host = '127.0.0.1', tls } = options;
  const protect = options.protect ?? { scheme: 'digest', algorithm: 'SHA-256' };
  const setting: Setting = { options, status: options.status ?? 401, judge: tribunal(protect, { users, tokens }) };
  const requests: ReceivedRequest[] = [];
  const converse = (request: IncomingMessage, response: ServerResponse): void => {
    const received = draftOf(request);
    requests.push(received);
    void answer(setting, received, request, response);
  };
  const server = tls ? createTlsServer({ ...tls }, converse) : createServer(converse);
  server.on('checkContinue', converse);
  const closeTunnels = setting.status === 407 ? openTunnels(server, setting.judge, requests) : () => {};
  // Node's 5 seconds would end idle connections in the middle of a slow test.
  server.keepAliveTimeout = 60_000;
  await listen(server, host, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return { url: `${tls ? 'https' : 'http'}://${authority}`, requests, close: () => close(server, closeTunnels) };
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

async function answer(
  setting: Setting,
  received: Draft,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const noteStatus = () => {
    if (response.headersSent) received.status = response.statusCode;
  };
  response.once('finish', noteStatus);
  try {
    await answerJudged(setting, received, request, response);
  } catch (error) {
    if (error instanceof Violation) received.violation = error.message;
    answerError(response, error);
  }
  noteStatus();
}

async function answerJudged(
  { options, status, judge }: Setting,
  received: Draft,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (received.headers.expect !== undefined) {
    const isAsked = options.onRequest !== undefined || received.headers[FIELDS[status].answer] !== undefined;
    if (!isAsked && challengeByHead(judge, status, received, response)) return;
    response.writeContinue();
  }
  received.body = await readBody(request);
  if ((await options.onRequest?.(request, response, received.body)) === true) return;
  const outcome = judge(received, FIELDS[status].answer);
  if (outcome.kind === 'challenged') return answerChallenge(status, outcome, received, response);
  const acceptance = outcome.kind === 'accepted' ? outcome.acceptance : undefined;
  if (acceptance) announce(FIELDS[status].info, acceptance, received, response);
  if (options.onAuthenticated) return options.onAuthenticated(received, response);
  answerJson(received, acceptance, response);
}

/** RFC 9110 §10.1.1: a server that knows its answer from the head does not ask for the body. */
function challengeByHead(judge: Tribunal, status: 401 | 407, received: Draft, response: ServerResponse): boolean {
  const outcome = judge(received, FIELDS[status].answer);
  if (outcome.kind === 'challenged') answerChallenge(status, outcome, received, response);
  return outcome.kind === 'challenged';
}

function answerChallenge(
  status: 401 | 407,
  { refusal, challenges }: Outcome & { kind: 'challenged' },
  received: Draft,
  response: ServerResponse,
): void {
  if (refusal.stale) received.stale = true;
  response.setHeader(FIELDS[status].challenge, challenges);
  answerText(response, status, refusal.reason);
}

function announce(field: string, acceptance: Acceptance, { method }: Draft, response: ServerResponse): void {
  const set = (body: Buffer) => {
    const value = acceptance.authenticationInfo?.(body);
    if (value !== undefined) response.setHeader(field, value);
  };
  const none = Buffer.alloc(0);
  if (acceptance.coversBody) holdResponse(response, (body) => set(method === 'HEAD' ? none : body));
  else set(none);
}

function answerJson(received: Draft, acceptance: Acceptance | undefined, response: ServerResponse): void {
  const { method, url, body } = received;
  const report = {
    authenticated: acceptance !== undefined,
    user: acceptance?.user,
    scheme: acceptance && received.scheme,
    method,
    url,
    bytes: body.length,
    sha256: createHash('sha256').update(body).digest('hex'),
  };
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(report));
}

function answerError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  answerText(response, error instanceof Violation ? 400 : 500, error instanceof Error ? error.message : String(error));
}

function answerText(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  // Node writes the head as UTF-8 when a string follows it, which would encode the bytes of a realm twice.
  response.end(Buffer.from(`${text}\n`));
}
