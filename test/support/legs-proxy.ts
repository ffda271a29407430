/** A proxy that lets connections in, not requests: it judges `Legs` in two legs, for plain requests and for CONNECT. */

import { createHmac, randomBytes } from 'node:crypto';
import http, { type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterwards } from './stage.js';

/** A request, or a CONNECT, as the proxy saw it. */
export interface ProxiedRequest {
  /** Its connection: the first one is 1. */
  readonly socket: number;
  readonly method: string;
  readonly url: string;
  readonly said: string | undefined;
  readonly status: number;
  /** Who the connection belongs to. */
  readonly user: string | undefined;
  readonly body: string;
}

/** What the proxy does that none should; called for each CONNECT, with what it was sent. `true`: it has answered. */
export type Trick = (about: { leg: number; socket: Duplex; said: string | undefined }) => boolean;

interface LegsProxyOptions {
  readonly trick?: Trick;
  readonly before?: Trick;
  /** Whether it lets everybody in now. */
  readonly isOpen?: () => boolean;
  readonly accounts?: Readonly<Record<string, string>>;
}

const USERS: Readonly<Record<string, string>> = { bob: 'builder', carol: 'caroller' };

interface State {
  readonly id: number;
  nonce?: string | undefined;
  user?: string | undefined;
}

const decode = (text: string) => Buffer.from(text, 'base64').toString('utf8');

/** The proxy. It looks at nothing but `Proxy-Authorization` and the connection that it came on. */
export async function legsProxy({ trick, before, isOpen, accounts = USERS }: LegsProxyOptions = {}) {
  const requests: ProxiedRequest[] = [];
  const states = new Map<Duplex, State>();
  const open = new Set<Duplex>();
  const users = new Map<number, string | undefined>();
  let legs = 0;

  /** The challenge; `undefined`: the connection is let in. */
  const judge = (socket: Duplex, said: string | undefined): string | undefined => {
    const state = states.get(socket) ?? { id: states.size + 1 };
    states.set(socket, state);
    if (said === 'hello') {
      state.user = undefined;
      state.nonce = randomBytes(8).toString('hex');
      return `Legs ${Buffer.from(state.nonce).toString('base64')}`;
    }
    if (said !== undefined) {
      const [name = '', proof] = said.split(':');
      const right = createHmac('sha256', accounts[name] ?? randomBytes(8)).update(state.nonce ?? randomBytes(8));
      state.user = right.digest('hex') === proof ? name : undefined;
      state.nonce = undefined;
    }
    return state.user === undefined && !isOpen?.() ? 'Legs' : undefined;
  };
  const note = (request: IncomingMessage, socket: Duplex, said: string | undefined, status: number, body = '') => {
    const { id = 0, user } = states.get(socket) ?? {};
    const { method = '', url = '' } = request;
    requests.push({ socket: id, method, url, said, status, user, body });
  };
  const saidIn = ({ headers }: IncomingMessage) => {
    const value = headers['proxy-authorization'];
    return value === undefined ? undefined : decode(value.replace(/^Legs /, ''));
  };

  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [said, body] = [saidIn(request), Buffer.concat(chunks)];
      legs += 1;
      if (before?.({ leg: legs, socket: request.socket, said })) return;
      const challenge = judge(request.socket, said);
      note(request, request.socket, said, challenge === undefined ? 200 : 407, body.toString());
      if (challenge !== undefined) {
        response.writeHead(407, { 'Proxy-Authenticate': challenge }).end('the proxy says no');
        return;
      }
      const { 'proxy-authorization': _, ...headers } = request.headers;
      const onward = http.request(request.url ?? '', { method: request.method, headers, agent: false }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.writeHead(502).end()).end(body);
    });
  });
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    open.add(socket.on('error', () => {}).on('close', () => open.delete(socket)));
    socket.on('end', () => socket.end());
    const said = saidIn(request);
    legs += 1;
    if (trick?.({ leg: legs, socket, said })) {
      // What happens on the connection now is not this proxy's.
      note(request, socket, said, 0);
      return;
    }
    const challenge = judge(socket, said);
    note(request, socket, said, challenge === undefined ? 200 : 407);
    if (challenge !== undefined) {
      const text = 'the proxy says no';
      socket.write(
        `HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: ${challenge}\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
      );
      // Node has taken its parser away: the next CONNECT is read by another one.
      (socket as Socket).removeAllListeners('data');
      server.emit('connection', socket);
      return;
    }
    // Every name is this machine's.
    const far = connect(Number(/\d+$/.exec(request.url ?? '')?.[0]), '127.0.0.1');
    open.add(far.on('error', () => socket.destroy()).on('close', () => open.delete(far)));
    far.once('connect', () => {
      users.set(far.localPort ?? 0, states.get(socket)?.user);
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      far.pipe(socket).pipe(far);
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterwards(() => {
    for (const socket of open) socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    proxy: { protocol: 'http', host: '127.0.0.1', port },
    requests,
    seen: () => requests.map(({ status, said }) => [status, said?.replace(/:.*/, '')]),
    openSockets: open,
    /** Whose tunnel a connection to an origin comes out of. */
    userAt: (port: number | undefined) => users.get(port ?? 0),
    /** Forgets who its connections belong to. */
    lapse: () => {
      for (const state of states.values()) state.user = undefined;
    },
  };
}
