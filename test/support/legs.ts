/** A scheme that authorizes a connection in two legs, and its judge, which shares nothing with it but this description. */

import { createHmac, randomBytes } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Answer, AuthorizedRequest, PasswordCredential, Scheme } from '../../src/index.js';
import { afterwards } from './stage.js';

const encode = (text: string) => Buffer.from(text, 'utf8').toString('base64');
const decode = (text: string) => Buffer.from(text, 'base64').toString('utf8');

/** `Legs` offers; `Legs base64(hello)` asks; `Legs base64(nonce)` questions; `Legs base64(user:hmac(password, nonce))` answers. */
export function legs(seen: AuthorizedRequest[] = []): Scheme {
  const question = ({ username, password }: PasswordCredential, nonce: string): Answer => ({
    needsBody: false,
    authorize: (request) => {
      seen.push(request);
      const proof = createHmac('sha256', password).update(nonce).digest('hex');
      return { value: `Legs ${encode(`${username}:${proof}`)}` };
    },
  });
  const credentials = new WeakMap<Answer, PasswordCredential>();
  const hello = (credential: PasswordCredential): Answer => {
    const answer: Answer = {
      needsBody: false,
      isPartial: true,
      authorize: (request) => {
        seen.push(request);
        return { value: `Legs ${encode('hello')}` };
      },
    };
    credentials.set(answer, credential);
    return answer;
  };
  return {
    name: 'legs',
    credential: 'password',
    clearText: false,
    bindsConnection: true,
    read: ({ token68 }) => ({
      label: 'Legs',
      strength: 40,
      space: () => ['/'],
      answer: (credential) => hello(credential as PasswordCredential),
      refusalOf: (previous) => {
        const credential = credentials.get(previous);
        if (token68 === undefined || !credential) return { kind: 'refused' };
        const answer = question(credential, decode(token68));
        credentials.set(answer, credential);
        return { kind: 'continue', answer };
      },
    }),
  };
}

/** A request as the judge saw it. */
export interface JudgedRequest {
  /** Its connection: the first one is 1. */
  readonly socket: number;
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: string;
  readonly status: number;
  /** Who the connection is authenticated as. */
  readonly user: string | undefined;
}

export interface LegsOptions {
  readonly users?: Readonly<Record<string, string>>;
  /** Called before the judge answers; `true`: it has answered itself. */
  readonly before?: (about: {
    request: http.IncomingMessage;
    response: http.ServerResponse;
    leg: Leg;
    socket: number;
  }) => boolean;
  readonly tls?: https.ServerOptions;
  readonly keepAliveTimeout?: number;
  readonly path?: string;
}

/** What a request brings: nothing, the first message, or the second. */
export type Leg = 'none' | 'hello' | 'proof';

interface State {
  readonly id: number;
  nonce: string | undefined;
  user: string | undefined;
}

/** The judge: it ties authentication to the socket, as NTLM does. */
export async function legsJudge(options: LegsOptions = {}) {
  const { users = { alice: 'wonderland', bob: 'builder' }, before, tls, keepAliveTimeout = 60_000, path } = options;
  const requests: JudgedRequest[] = [];
  const sockets = new Map<Socket, State>();
  const open = new Set<Socket>();
  const onRequest = (request: http.IncomingMessage, response: http.ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => judge(request, response, Buffer.concat(chunks).toString('utf8')));
  };
  const judge = (request: http.IncomingMessage, response: http.ServerResponse, body: string) => {
    const state = sockets.get(request.socket) ?? { id: sockets.size + 1, nonce: undefined, user: undefined };
    sockets.set(request.socket, state);
    const { authorization } = request.headers;
    // What is of another scheme counts as nothing.
    const said = authorization?.startsWith('Legs ') ? decode(authorization.slice('Legs '.length)) : undefined;
    const leg: Leg = said === undefined ? 'none' : said === 'hello' ? 'hello' : 'proof';
    response.on('finish', () => {
      const { method = '', url = '' } = request;
      requests.push({
        socket: state.id,
        method,
        url,
        authorization,
        body,
        status: response.statusCode,
        user: state.user,
      });
    });
    if (before?.({ request, response, leg, socket: state.id })) return;
    const challenge = (value: string) => {
      response.writeHead(401, { 'WWW-Authenticate': value }).end('no');
    };
    if (leg === 'hello') {
      state.user = undefined;
      state.nonce = randomBytes(8).toString('hex');
      challenge(`Legs ${encode(state.nonce)}`);
      return;
    }
    if (leg === 'proof') {
      const [name = '', proof] = (said as string).split(':');
      const right =
        state.nonce &&
        createHmac('sha256', users[name] ?? randomBytes(8))
          .update(state.nonce)
          .digest('hex');
      state.user = right !== undefined && right === proof ? name : undefined;
      state.nonce = undefined;
    }
    if (state.user === undefined) challenge('Legs');
    else response.end(JSON.stringify({ user: state.user, socket: state.id, url: request.url, body }));
  };
  const server = tls ? https.createServer(tls, onRequest) : http.createServer(onRequest);
  server.keepAliveTimeout = keepAliveTimeout;
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => (path ? server.listen(path, resolve) : server.listen(0, '127.0.0.1', resolve)));
  afterwards(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = (path ? { port: 0 } : server.address()) as AddressInfo;
  return {
    url: tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`,
    requests,
    /** The connections that are open now, and authenticated. */
    authenticated: () => [...open].filter((socket) => sockets.get(socket)?.user !== undefined).length,
    openSockets: open,
    /** Forgets who a connection belongs to, as a server that was restarted behind a balancer does. */
    lapse: () => {
      for (const state of sockets.values()) state.user = undefined;
    },
    statuses: () => requests.map(({ status }) => status),
    users,
  };
}
