/** A server that asks for Negotiate and knows the fake's tokens: it takes each of them once, and tells connections apart. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { plainServer } from './stage.js';

/** How it plays. */
export interface NegotiatePlay {
  /** How many messages it wants. */
  readonly legs?: number | 'endless';
  /** Whether a connection that was let in needs no token any more, as IIS has it. */
  readonly bound?: boolean;
  /** The value of `Persistent-Auth`. */
  readonly persistent?: 'true' | 'false';
  /** What stands in the final token. */
  readonly final?: 'right' | 'wrong' | 'none';
  /** Says `Negotiate` to every token. */
  readonly bare?: boolean;
  /** What it answers to every token in place of its own message. */
  readonly says?: string;
  /** Closes the connection with the 401 that asks for another message. */
  readonly closes?: boolean;
  /** The challenges beside Negotiate. */
  readonly beside?: readonly string[];
  /** Whether Negotiate is offered. */
  isOffered?: boolean;
  /** Who is let in without Negotiate, by the whole `Authorization`. */
  readonly basic?: string;
  /** The status of a request that was let in. */
  readonly status?: number;
}

/** A request as it came. */
export interface Judged {
  readonly socket: number;
  /** Which message of a handshake it had; 0: none; the text before the blank: another scheme. */
  readonly message: number | string;
  readonly service: string | undefined;
  readonly status: number;
  readonly path: string | undefined;
  readonly bytes: number;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Starts it. */
export async function negotiateJudge(play: NegotiatePlay = {}) {
  const judged: Judged[] = [];
  const sockets = new Map<Socket, number>();
  const authenticated = new Set<Socket>();
  const seen = new Set<string>();
  const judge = (request: IncomingMessage, response: ServerResponse, bytes: number) => {
    const { socket, headers, url: path } = request;
    if (!sockets.has(socket)) sockets.set(socket, sockets.size + 1);
    const { authorization = '' } = headers;
    const [scheme = '', token = ''] = authorization.split(' ');
    const text = scheme === 'Negotiate' ? Buffer.from(token, 'base64').toString('latin1') : '';
    const [, message = '', serial = '', service] = /token (\d+) (\S+) (\S+)/.exec(text) ?? [];
    const [status, fields] = verdict({ socket, authorization, text, message: Number(message), serial });
    judged.push({
      socket: sockets.get(socket) as number,
      message: scheme === '' ? 0 : message === '' ? scheme : Number(message),
      service,
      status,
      path,
      bytes,
    });
    const closing = play.closes && Number(message) > 0 ? { connection: 'close' } : {};
    response.writeHead(status, { ...fields, ...closing }).end(status < 300 ? 'come in' : 'no');
  };
  interface Came {
    readonly socket: Socket;
    readonly authorization: string;
    readonly text: string;
    readonly message: number;
    readonly serial: string;
  }
  const verdict = ({
    socket,
    authorization,
    text,
    message,
    serial,
  }: Came): [number, Record<string, string | string[]>] => {
    const offer = play.isOffered === false ? [] : ['Negotiate'];
    const ask = { 'www-authenticate': [...offer, ...(play.beside ?? [])] };
    if (play.basic !== undefined && authorization === play.basic) return [200, {}];
    if (authenticated.has(socket) && authorization === '') return [200, {}];
    if (text === '' || seen.has(text) || play.bare || play.isOffered === false) return [401, ask];
    seen.add(text);
    if (play.says !== undefined)
      return [401, { 'www-authenticate': [`Negotiate ${play.says}`, ...(play.beside ?? [])] }];
    if (play.legs === 'endless' || message < (play.legs ?? 1))
      return [401, { 'www-authenticate': `Negotiate ${base64(`more ${serial}`)}` }];
    if (play.bound) authenticated.add(socket);
    const final = base64(`final ${play.final === 'wrong' ? 'of another' : serial}`);
    return [
      play.status ?? 200,
      {
        ...(play.final !== 'none' && { 'www-authenticate': `Negotiate ${final}` }),
        ...(play.persistent && { 'persistent-auth': play.persistent }),
      },
    ];
  };
  const { url } = await plainServer((request, response) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    request.on('end', () => judge(request, response, bytes));
  });
  return {
    url,
    judged,
    messages: () => judged.map(({ message }) => message),
    statuses: () => judged.map(({ status }) => status),
    sockets: () => judged.map(({ socket }) => socket),
  };
}
