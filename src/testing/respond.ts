/** Answers one request to the strict server. */

import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { Outcome, Tribunal } from './authenticator.js';
import { holdResponse } from './held-response.js';
import type { Acceptance } from './judge.js';
import type { ChallengeServerOptions } from './options.js';
import type { Draft } from './received-request.js';
import { Violation } from './violation.js';

const FIELDS = {
  401: { challenge: 'WWW-Authenticate', answer: 'authorization', info: 'Authentication-Info' },
  407: { challenge: 'Proxy-Authenticate', answer: 'proxy-authorization', info: 'Proxy-Authentication-Info' },
} as const;

/** The options and the judge that decide the response. */
export interface Setting {
  readonly options: Pick<ChallengeServerOptions, 'onRequest' | 'onAuthenticated'>;
  readonly status: 401 | 407;
  readonly judge: Tribunal;
}

/** Reads, judges and answers one request, and notes the status of the response in `received`. */
export async function respond(
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
  // The client can use the connection again only when its whole body is read.
  received.body = await buffer(request);
  if ((await options.onRequest?.(request, response, received.body)) === true) return;
  const outcome = judge(received, FIELDS[status].answer, response.req.socket);
  if (outcome.kind === 'challenged') return answerChallenge(status, outcome, received, response);
  const acceptance = outcome.kind === 'accepted' ? outcome.acceptance : undefined;
  if (acceptance) announce(FIELDS[status].info, acceptance, received, response);
  if (options.onAuthenticated) return options.onAuthenticated(received, response);
  answerJson(received, acceptance, response);
}

/** RFC 9110 §10.1.1: a server that can respond from the head alone sends its final status instead of 100. */
function challengeByHead(judge: Tribunal, status: 401 | 407, received: Draft, response: ServerResponse): boolean {
  const outcome = judge(received, FIELDS[status].answer, response.req.socket);
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
  // A Buffer, because Node writes the head as UTF-8 before a string body, and would encode the bytes of a realm twice.
  response.end(Buffer.from(`${text}\n`));
}
