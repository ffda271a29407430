/** Connections that a proxy lets in: whose they are (SEC-86), how a tunnel is asked for (SEC-87), and what is in it (SEC-88). */

import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { inspect } from 'node:util';
import axios, { type AxiosRequestConfig } from 'axios';
import {
  type Answer,
  type AuthOptions,
  digest,
  explain,
  installAuth,
  type Offer,
  type Scheme,
  staticCredential,
  trace,
} from '../../src/index.js';
import { axiosCan } from '../support/capability.js';
import { unsetProxyVariables, withoutProxyVariables } from '../support/environment.js';
import { legs, legsJudge } from '../support/legs.js';
import { legsProxy, type Trick } from '../support/legs-proxy.js';
import { proxyServer, through } from '../support/proxy.js';
import { afterwards, alice, failure, plainServer, spy } from '../support/stage.js';
import { selfSigned } from '../support/tls.js';

withoutProxyVariables();

const bob = { username: 'bob', password: 'builder' };
const carol = { username: 'carol', password: 'caroller' };
const tunnelling = axiosCan('open a tunnel');
const lenient = { validateStatus: null };

type Proxy = Awaited<ReturnType<typeof legsProxy>>;

function trusting(options: https.AgentOptions = { ca: selfSigned().cert }): https.Agent {
  const agent = new https.Agent(options);
  afterwards(() => agent.destroy());
  return agent;
}

function clientOf(proxy: Proxy, baseURL: string, options: AuthOptions = {}, config: AxiosRequestConfig = {}) {
  const client = axios.create({ baseURL, proxy: proxy.proxy, httpsAgent: trusting(), ...config });
  const providers = [staticCredential(bob, { origin: proxy.url }), staticCredential(alice, { origin: baseURL })];
  const handle = installAuth(client, { schemes: [legs()], providers, ...options });
  afterwards(() => handle.eject());
  return client;
}

/** An origin over TLS that lets everybody in, and tells the port of each connection. */
async function secureOrigin(listener: http.RequestListener = (_, response) => void response.end('open')) {
  const requests: Array<{ url: string; port: number | undefined; headers: http.IncomingHttpHeaders }> = [];
  const server = https.createServer(selfSigned(), (request, response) => {
    requests.push({ url: request.url ?? '', port: request.socket.remotePort, headers: request.headers });
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterwards(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `https://localhost:${(server.address() as AddressInfo).port}`, requests };
}

const plainOrigin = () => plainServer((_, response) => void response.end('open'));
const isProof = (said: string | undefined) => said !== undefined && said !== 'hello';

describe('SEC-86 a connection that a proxy lets in is for one credential', () => {
  const carols = (proxy: Proxy) => ({
    challenge: { providers: [staticCredential(carol, { origin: proxy.url }), staticCredential(alice)] },
  });

  test('SEC-86 two users, plain requests interleaved: none goes out as the other', async () => {
    const [proxy, origin] = [await legsProxy(), await plainOrigin()];
    const client = clientOf(proxy, origin.url);
    await Promise.all(
      Array.from({ length: 40 }, (_, number) =>
        number % 2 ? client.get(`/carol/${number}`, carols(proxy)) : client.get(`/bob/${number}`),
      ),
    );
    const served = proxy.requests.filter(({ status }) => status === 200);
    expect(served).toHaveLength(40);
    expect(served.filter(({ url, user }) => !url.includes(`/${user}/`))).toEqual([]);
  });

  tunnelling.each([
    ['an open origin', false],
    ['an origin that shakes hands itself', true],
  ])('SEC-86 two users, tunnels to %s interleaved: none goes through the tunnel of the other', async (_, isBound) => {
    const proxy = await legsProxy();
    const seen: Array<[string, string | undefined]> = [];
    const note = ({ request }: { request: http.IncomingMessage }) => {
      seen.push([request.url ?? '', proxy.userAt(request.socket.remotePort)]);
      return false;
    };
    const origin = isBound
      ? await legsJudge({ tls: selfSigned(), before: note })
      : await secureOrigin((request, response) => {
          note({ request });
          response.end('open');
        });
    const client = clientOf(proxy, origin.url);
    for (let round = 0; round < 2; round += 1)
      await Promise.all(
        Array.from({ length: 20 }, (_unused, number) =>
          number % 2 ? client.get(`/carol/${number}`, carols(proxy)) : client.get(`/bob/${number}`),
        ),
      );
    expect(seen.length).toBeGreaterThanOrEqual(40);
    expect(seen.filter(([url, user]) => !url.startsWith(`/${user}/`))).toEqual([]);
  });

  tunnelling('SEC-86 two users of an origin, tunnels of one user of the proxy: none is seen as the other', async () => {
    const [proxy, origin] = [await legsProxy(), await legsJudge({ tls: selfSigned() })];
    const client = clientOf(proxy, origin.url);
    const others = {
      challenge: {
        providers: [staticCredential(bob, { origin: proxy.url }), staticCredential(bob, { origin: origin.url })],
      },
    };
    for (let round = 0; round < 3; round += 1)
      for (const name of ['alice', 'bob'])
        expect((await client.get(`/${name}`, name === 'bob' ? others : {})).data).toMatchObject({ user: name });
    const served = origin.requests.filter(({ user }) => user !== undefined);
    expect(served.filter(({ url, user }) => url !== `/${user}`)).toEqual([]);
  });

  tunnelling.each(['http', 'https'])(
    'SEC-86 a stranger, on the same agents and on those in a response, is asked (%s)',
    async (scheme) => {
      const [proxy, origin] = [await legsProxy(), scheme === 'http' ? await plainOrigin() : await secureOrigin()];
      const [httpAgent, httpsAgent] = [
        new http.Agent({ keepAlive: true }),
        trusting({ ca: selfSigned().cert, keepAlive: true }),
      ];
      afterwards(() => httpAgent.destroy());
      const client = clientOf(proxy, origin.url, {}, { httpAgent, httpsAgent });
      await client.get('/in');
      const { request } = await client.get('/in');
      const agents = [
        { httpAgent, httpsAgent },
        { httpAgent: request.agent, httpsAgent: request.agent },
      ];
      for (const own of agents) {
        const stranger = axios.create({ baseURL: origin.url, proxy: proxy.proxy, ...lenient, httpAgent, httpsAgent });
        const through = scheme === 'http' ? { httpAgent: own.httpAgent } : { httpsAgent: own.httpsAgent };
        expect((await stranger.get('/out', through)).status).toBe(407);
      }
    },
  );

  tunnelling('SEC-86 a scheme that names the origin alone does not answer the proxy: nobody is asked', async () => {
    const [proxy, origin] = [await legsProxy(), await secureOrigin()];
    const provider = spy(bob);
    const schemes: Scheme[] = [{ ...legs(), origins: [origin.url] }];
    const response = await clientOf(proxy, origin.url, { schemes, providers: [provider] }, lenient).get('/');
    expect([response.status, proxy.seen(), provider.asked]).toEqual([407, [[407, undefined]], []]);
  });

  test('SEC-86 an origin behind a plain proxy is not shaken hands with', async () => {
    const [proxy, origin] = [await legsProxy(), await legsJudge()];
    const error = await failure(clientOf(proxy, origin.url).get('/'));
    expect(explain(error)).toContain(
      'Legs needs a connection of its own, and a proxy on the way shares its connections among all who use it',
    );
    expect(origin.requests.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  tunnelling('SEC-86 a refusal of either closes what both were let in on', async () => {
    const [proxy, origin] = [await legsProxy(), await legsJudge({ tls: selfSigned() })];
    const client = clientOf(proxy, origin.url, {}, lenient);
    await client.get('/');
    origin.lapse();
    Object.assign(origin.users, { alice: 'changed' });
    expect((await client.get('/')).status).toBe(401);
    expect(origin.authenticated()).toBe(0);
  });

  tunnelling('SEC-86 an origin in a tunnel that a password opens each time is not shaken hands with', async () => {
    const [guard, judge] = [
      await proxyServer({ protect: { scheme: 'digest' } }),
      await legsJudge({ tls: selfSigned() }),
    ];
    const client = axios.create({ baseURL: judge.url, proxy: through(guard), httpsAgent: trusting() });
    const providers = [staticCredential(bob, { origin: guard.url }), staticCredential(alice, { origin: judge.url })];
    installAuth(client, { schemes: [legs(), digest()], providers });
    for (let i = 0; i < 2; i += 1)
      expect(explain(await failure(client.get('/')))).toContain('the proxy is sent a credential with each tunnel');
    expect(judge.requests.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
  });

  tunnelling.each(['http', 'https'])('SEC-86 no message is in what the caller gets (%s)', async (scheme) => {
    const [proxy, origin] = [await legsProxy(), scheme === 'http' ? await plainOrigin() : await secureOrigin()];
    const events: unknown[] = [];
    const client = clientOf(proxy, origin.url, { onEvent: (event) => void events.push(event) });
    const shown = inspect([await client.get('/'), events], { depth: 12, showHidden: true });
    const proofs = proxy.requests.flatMap(({ said = '' }) =>
      isProof(said) && said !== '' ? [Buffer.from(said).toString('base64')] : [],
    );
    expect(proofs).toHaveLength(1);
    expect(proofs.filter((proof) => shown.includes(proof))).toEqual([]);
  });

  tunnelling('SEC-86 neither hears what is for the other', async () => {
    const [proxy, origin] = [await legsProxy(), await secureOrigin()];
    const judge = await legsJudge({ tls: selfSigned() });
    for (const { url } of [origin, judge]) await clientOf(proxy, url).get('/');
    expect(proxy.requests.filter(({ said }) => said?.startsWith('alice'))).toEqual([]);
    expect(origin.requests.filter(({ headers }) => headers['proxy-authorization'])).toEqual([]);
    expect(
      judge.requests.filter(({ authorization }) => authorization?.includes(Buffer.from('bob').toString('base64'))),
    ).toEqual([]);
  });
});

describe('SEC-87 a tunnel is asked for on one connection, and not for ever', () => {
  const CHALLENGE = `Proxy-Authenticate: Legs ${Buffer.from('12345678').toString('base64')}`;
  const says = (...lines: string[]) => `${['HTTP/1.1 407 No', ...lines].join('\r\n')}\r\n\r\n`;
  /** Plays the trick on whoever sends a message. */
  const onMessage =
    (text: string, end = false): Trick =>
    ({ socket, said }) => {
      if (said === undefined) return false;
      // Who reads nothing hears of no end.
      socket.resume().write(text, 'latin1');
      if (end) socket.end();
      return true;
    };

  async function against(trick: Trick, config: AxiosRequestConfig = {}, credential = bob) {
    const [proxy, origin] = [await legsProxy({ trick }), await secureOrigin()];
    const provider = spy(credential);
    const client = clientOf(proxy, origin.url, { providers: [provider] }, { ...lenient, ...config });
    const outcome = await client.get('/').catch((error: unknown) => error as object);
    return { proxy, provider, client, outcome, origin };
  }

  tunnelling.each([
    ['says close', says(CHALLENGE, 'Content-Length: 0', 'Connection: close'), true],
    ['closes without a word', says(CHALLENGE, 'Content-Length: 0'), true],
    ['has no length', says(CHALLENGE), true],
    ['has a coded body', `${says(CHALLENGE, 'Transfer-Encoding: chunked')}0\r\n\r\n`, false],
    ['says more than its length', `${says(CHALLENGE, 'Content-Length: 2')}no${says('Content-Length: 0')}`, false],
  ])('SEC-87 a proxy that %s between two messages gets no proof on another connection', async (_, text, end) => {
    const { proxy, outcome, provider } = await against(onMessage(text, end));
    expect(outcome).toMatchObject({ status: 407 });
    expect(explain(outcome)).toMatch(/a handshake cannot go on on another/);
    expect(trace(outcome)?.events.findLast(({ type }) => type === 'verdict')).toMatchObject({ proxy: true });
    const [, first] = proxy.requests;
    expect(proxy.requests.filter(({ said, socket }) => isProof(said) && socket !== first?.socket)).toEqual([]);
    expect(provider.told).toEqual([]);
  });

  tunnelling.each([
    ['asks for the first time', true, 'bob'],
    ['takes another credential', false, 'carol'],
  ])('SEC-87 an origin that is shaken hands with stays where it is when the proxy %s', async (_, wasOpen, user) => {
    let [isOpen, isPaused] = [wasOpen, false];
    const accounts = { bob: bob.password, carol: carol.password };
    const proxy = await legsProxy({ isOpen: () => isOpen, accounts });
    const [origin, other] = [await legsJudge({ tls: selfSigned() }), await secureOrigin()];
    const meanwhile = async () => {
      if (isPaused || origin.requests.length < 2) return;
      [isOpen, isPaused] = [false, true];
      if (user === 'carol') accounts.bob = 'changed';
      expect((await client.get(`${other.url}/`)).data).toBe('open');
    };
    const providers = [bob, carol].map((one) => staticCredential(one, { origin: proxy.url }));
    const client = clientOf(proxy, origin.url, {
      schemes: [pausing(legs(), meanwhile)],
      providers: [...providers, staticCredential(alice, { origin: origin.url })],
    });
    const response = await client.get('/');
    expect(response.data).toMatchObject({ user: 'alice' });
    // What it has not been sent, the proxy is not said to have been sent.
    if (wasOpen) expect(explain(response)).not.toContain('to the proxy');
    const [, hello, proof] = origin.requests;
    expect([origin.requests.length, proof?.socket]).toEqual([3, hello?.socket]);
    const tunnels = proxy.requests.filter((one) => one.status === 200 && one.user === user);
    expect(tunnels.map(({ url }) => url)).toEqual([new URL(other.url).host]);
  });

  tunnelling('SEC-87 a message to every message has an end', async () => {
    const { proxy, outcome } = await against(({ socket, said }) => {
      if (said === undefined) return false;
      socket.write(says(CHALLENGE, 'Content-Length: 0'));
      return again(proxyServerOf(socket), socket);
    });
    expect(outcome).toMatchObject({ status: 407 });
    expect(proxy.requests.length).toBeLessThan(12);
  });

  tunnelling('SEC-87 a wrong password is sent once, and by no later request', async () => {
    const { proxy, provider, client, outcome } = await against(() => false, {}, { ...bob, password: 'wrong' });
    expect(outcome).toMatchObject({ status: 407, data: 'the proxy says no' });
    expect((await client.get('/')).status).toBe(407);
    expect(proxy.requests.filter(({ said }) => isProof(said))).toHaveLength(1);
    expect(provider.told).toEqual([['reject', 'bob']]);
  });

  tunnelling.each([
    ['a header without an end', 'said too much', `HTTP/1.1 407 No\r\nX: ${'x'.repeat(70_000)}`],
    ['what is no HTTP', 'does not speak HTTP/1', 'SSH-2.0-proxy\r\n\r\n'],
    ['a 401', 'refuses the tunnel with 401', 'HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n'],
    [
      'something in the tunnel',
      'has put something into the tunnel',
      'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
    ],
  ])('SEC-87 %s is an error, which explain names, and the connection is closed', async (_, why, text) => {
    const { proxy, outcome, origin } = await against(onMessage(text));
    expect(outcome).toMatchObject({ isAxiosError: true, code: 'ECONNRESET' });
    expect(outcome).not.toHaveProperty('response');
    expect(explain(outcome)).toContain(why);
    expect(origin.requests).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(proxy.openSockets.size).toBe(0);
  });

  const drip: Trick = ({ socket, said }) => {
    if (said === undefined) return false;
    socket.write('HTTP/1.1 407 No\r\n');
    const timer = setInterval(() => socket.write('X: y\r\n'), 20);
    socket.on('close', () => clearInterval(timer));
    return true;
  };

  tunnelling('SEC-87 a proxy that drips is waited for no longer than the caller waits', async () => {
    const began = Date.now();
    const { outcome } = await against(drip, { timeout: 300 });
    expect(outcome).toMatchObject({ code: 'ECONNABORTED' });
    expect(Date.now() - began).toBeLessThan(3000);
  });

  tunnelling('SEC-87 nor when another caller, who waits for ever, was the first to have a tunnel there', async () => {
    let isDripping = false;
    const trick: Trick = (about) => isDripping && drip(about);
    const [proxy, origin] = [await legsProxy({ trick }), await secureOrigin()];
    const client = clientOf(proxy, origin.url);
    const { data } = await client.get('/', { responseType: 'stream' });
    isDripping = true;
    const began = Date.now();
    await expect(client.get('/', { timeout: 300 })).rejects.toMatchObject({ code: 'ECONNABORTED' });
    expect(Date.now() - began).toBeLessThan(3000);
    data.destroy();
  });

  tunnelling('SEC-87 what gives up while it waits closes the connection', async () => {
    const cancel = new AbortController();
    const trick: Trick = ({ said, socket }) => {
      if (said === undefined) return false;
      socket.resume();
      setTimeout(() => cancel.abort(), 20);
      return true;
    };
    const { proxy, outcome } = await against(trick, { signal: cancel.signal });
    expect(outcome).toMatchObject({ code: 'ERR_CANCELED' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(proxy.openSockets.size).toBe(0);
  });

  tunnelling('SEC-87 what else a proxy says is the response, as without us', async () => {
    const { outcome } = await against(onMessage('HTTP/1.1 403 No\r\nContent-Length: 6\r\nX-Why: so\r\n\r\nnot me'));
    expect(outcome).toMatchObject({ status: 403, data: 'not me', headers: { 'x-why': 'so' } });
  });
});

/** A scheme that waits before its second message. */
function pausing(scheme: Scheme, meanwhile: () => Promise<void>): Scheme {
  const refusalOf = (offer: Offer) => (previous: Answer) => {
    const refusal = offer.refusalOf(previous);
    const prepare = async () => void (await meanwhile());
    if (refusal.kind === 'continue') Object.assign(refusal.answer, { prepare });
    return refusal;
  };
  return {
    ...scheme,
    read: (challenge) => {
      const offer = scheme.read(challenge) as Offer;
      return { ...offer, refusalOf: refusalOf(offer) };
    },
  };
}

/** Node has taken its parser away: the next CONNECT is read by another one. */
function again(server: { emit(name: string, socket: Socket): unknown }, socket: unknown): true {
  (socket as Socket).removeAllListeners('data');
  server.emit('connection', socket as Socket);
  return true;
}

function proxyServerOf(socket: unknown) {
  return (socket as { server: http.Server }).server as unknown as { emit(name: string, socket: Socket): unknown };
}

describe('SEC-88 TLS in a tunnel is as strict as outside it, and a redirect goes as axios sends it', () => {
  tunnelling.each([
    ['a certificate that the agent does not trust', 'localhost', {}, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['the certificate of another host', 'elsewhere.example', { ca: selfSigned().cert }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('SEC-88 %s ends the request', async (_, host, options, code) => {
    const [proxy, origin] = [await legsProxy(), await secureOrigin()];
    const client = clientOf(proxy, origin.url.replace('localhost', host), {}, { httpsAgent: trusting(options) });
    await expect(client.get('/')).rejects.toMatchObject({ code });
    expect(proxy.seen().at(-1)).toEqual([200, 'bob']);
    expect(origin.requests).toEqual([]);
  });

  tunnelling.each(['https', 'http'])(
    'SEC-88 a redirect to %s goes through the proxy, and tells it nothing unasked',
    async (scheme) => {
      const [proxy, other] = [await legsProxy(), scheme === 'http' ? await plainOrigin() : await secureOrigin()];
      const origin = await secureOrigin(
        (_, response) => void response.writeHead(302, { location: `${other.url}/there` }).end(),
      );
      const client = clientOf(proxy, origin.url, {}, lenient);
      const response = await client.get('/');
      expect([response.status, response.data]).toEqual([200, 'open']);
      const hops = proxy.requests.filter(({ url }) => url.includes(new URL(other.url).port));
      expect(hops[0]).toMatchObject({ said: undefined, status: 407, method: scheme === 'http' ? 'GET' : 'CONNECT' });
      expect(other.requests).toHaveLength(1);
    },
  );

  tunnelling.each(['https', 'http'])(
    'SEC-88 a redirect to %s that NO_PROXY names goes around the proxy',
    async (scheme) => {
      const [proxy, other] = [await legsProxy(), scheme === 'http' ? await plainOrigin() : await secureOrigin()];
      const origin = await secureOrigin(
        ({ url }, response) => void response.writeHead(302, { location: `${other.url}${url}` }).end(),
      );
      const variables = { https_proxy: proxy.url, http_proxy: proxy.url, no_proxy: new URL(other.url).host };
      Object.assign(process.env, variables);
      afterwards(unsetProxyVariables);
      const client = clientOf(proxy, origin.url, {}, { proxy: undefined as never });
      for (let i = 0; i < 2; i += 1) expect((await client.get('/')).data).toBe('open');
      expect(other.requests).toHaveLength(2);
      expect(proxy.seen().at(-1)).toEqual([200, 'bob']);
      expect(proxy.requests.filter(({ url }) => !url.includes(new URL(origin.url).port))).toEqual([]);
    },
  );
});
