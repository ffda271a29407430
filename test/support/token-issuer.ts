/** A strict issuer: each refresh token is good once, and its second use ends the whole family (RFC 9700 §4.14.2). */

import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterwards } from './stage.js';

export interface Issuer {
  readonly url: string;
  /** Refresh grants that were asked for. */
  readonly asked: number;
  /** Refresh grants that gave a token. */
  readonly given: number;
  readonly isRevoked: boolean;
  /**
   * The next grant waits, before anything is decided, for `go`; `arrived` says that it is there, and `left` that its
   * client has closed the connection.
   */
  hold(): { readonly arrived: Promise<void>; readonly left: Promise<void>; go(): void };
}

/** `isLenient`: an old refresh token is still good. */
export async function tokenIssuer(first: string, { isLenient = false } = {}): Promise<Issuer> {
  const state = { asked: 0, given: 0, isRevoked: false, good: first };
  let gate: ((socket: Socket) => Promise<void>) | undefined;
  const server = http.createServer(async (request, response) => {
    const sent = new URLSearchParams(await text(request)).get('refresh_token');
    state.asked += 1;
    const wait = gate;
    gate = undefined;
    await wait?.(request.socket);
    if (request.socket.destroyed) return;
    if (sent !== state.good && !isLenient) state.isRevoked = true;
    response.setHeader('content-type', 'application/json');
    if (state.isRevoked) return response.writeHead(400).end('{"error":"invalid_grant"}');
    state.given += 1;
    state.good = `refresh-${state.given}`;
    response.end(JSON.stringify({ access_token: `access-${state.given}`, refresh_token: state.good }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  afterwards(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    get asked() {
      return state.asked;
    },
    get given() {
      return state.given;
    },
    get isRevoked() {
      return state.isRevoked;
    },
    hold: () => {
      let [arrive, leave, go] = [() => {}, () => {}, () => {}];
      const arrived = new Promise<void>((resolve) => {
        arrive = resolve;
      });
      const left = new Promise<void>((resolve) => {
        leave = resolve;
      });
      const going = new Promise<void>((resolve) => {
        go = resolve;
      });
      gate = (socket) => {
        socket.once('close', leave);
        arrive();
        return going;
      };
      return { arrived, left, go: () => go() };
    },
  };
}
