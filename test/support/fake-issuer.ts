/** An issuer written by hand, which does what a real one never does. */

import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterwards } from './stage.js';

/** What the issuer does with a request to one of its paths; `body` has been read. */
export type Page = (request: http.IncomingMessage, response: http.ServerResponse, body: URLSearchParams) => unknown;

/** One request that came. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: URLSearchParams;
}

export interface FakeIssuer {
  readonly issuer: string;
  readonly asked: Asked[];
  /** What it does from now on. */
  readonly pages: Map<string, Page>;
  /** How often a path was asked. */
  count(path: string): number;
}

/** Answers with JSON. */
export function json(value: unknown, status = 200, headers: http.OutgoingHttpHeaders = {}): Page {
  return (_request, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(value));
  };
}

/** `metadata` is added to what a good issuer says of itself, or taken away where it is `undefined`. */
export async function fakeIssuer(
  pages: Readonly<Record<string, Page>> = {},
  metadata: object = {},
): Promise<FakeIssuer> {
  const asked: Asked[] = [];
  const known = new Map(Object.entries(pages));
  const server = http.createServer(async (request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] as string;
    const body = new URLSearchParams(await text(request).catch(() => ''));
    asked.push({ method: request.method ?? '', path, headers: request.headers, body });
    const page = known.get(path) ?? ((_, answer) => answer.writeHead(404).end());
    await page(request, response, body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterwards(() => {
    server.closeAllConnections();
    server.close();
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const endpoints = {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    device_authorization_endpoint: `${issuer}/device`,
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
  };
  const place = '/.well-known/oauth-authorization-server';
  if (!known.has(place)) known.set(place, json({ ...endpoints, ...metadata }));
  return { issuer, asked, pages: known, count: (path) => asked.filter((one) => one.path === path).length };
}

/** A token response. */
export function tokens(access: string, more: object = {}): Page {
  return json({ access_token: access, token_type: 'Bearer', expires_in: 3600, ...more });
}
