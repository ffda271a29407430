/** One who gives up hears axios's own word for it, at once; nothing more is sent, and nothing is left behind. */

import { getEventListeners } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import axios, { type AxiosRequestConfig, type CancelToken } from 'axios';
import type { AuthEvent, AuthOptions } from '../../src/index.js';
import { answering } from '../support/capability.js';
import { expiredLimits } from '../support/limits.js';
import { alice, bare, client, plainServer, server, statuses } from '../support/stage.js';

const CHALLENGE = { 'WWW-Authenticate': 'Basic realm="x"' };

/** What goes on in one request; `giveUp` is called in the middle of it. */
interface Moment {
  readonly options?: (giveUp: () => void) => AuthOptions;
  readonly config?: (giveUp: () => void) => AxiosRequestConfig;
  /** Answers in place of the server. */
  readonly answer?: (send: number, giveUp: () => void) => boolean;
  /** Does the 401 trickle? */
  readonly slowly?: boolean;
  readonly sends: number;
}

const MOMENTS: Readonly<Record<string, Moment>> = {
  'during the first send': { answer: (send, giveUp) => send === 1 && act(giveUp), sends: 1 },
  'during the second send': { answer: (send, giveUp) => send === 2 && act(giveUp), sends: 2 },
  'while a provider is asked': {
    options: (giveUp) => ({ providers: [{ name: 'slow', get: () => hang(giveUp) }] }),
    sends: 1,
  },
  'by a provider, which then answers': {
    options: (giveUp) => ({ providers: [{ name: 'rash', get: () => answer(giveUp) }] }),
    sends: 1,
  },
  'when the answer is chosen': {
    options: (giveUp) => ({ onEvent: ({ type }) => void (type === 'chosen' && giveUp()) }),
    sends: 1,
  },
  'when the second send begins': {
    options: (giveUp) => ({ onEvent: (event) => void (event.type === 'send' && event.send === 2 && giveUp()) }),
    sends: 1,
  },
  'while a factory makes the first body': {
    config: (giveUp) => ({ method: 'put', challenge: { body: () => hang(giveUp) } }),
    sends: 0,
  },
  'while a factory makes the second body': {
    config: (giveUp) => ({
      method: 'put',
      data: Readable.from(['abc']),
      challenge: { body: () => hang(giveUp) },
    }),
    sends: 1,
  },
  'while a streamed 401 is drained': {
    config: () => ({ responseType: 'stream' }),
    options: (giveUp) => ({ onEvent: ({ type }) => void (type === 'reply' && setTimeout(giveUp, 20)) }),
    slowly: true,
    sends: 1,
  },
  'while a provider hears the verdict': {
    options: (giveUp) => ({
      providers: [{ name: 'slow', get: () => alice, approve: () => hang(giveUp) }],
    }),
    sends: 2,
  },
};

function act(giveUp: () => void): true {
  setImmediate(giveUp);
  return true;
}

function hang(giveUp: () => void): Promise<never> {
  act(giveUp);
  return new Promise(() => {});
}

function answer(giveUp: () => void): typeof alice {
  giveUp();
  return alice;
}

type Way = (config: AxiosRequestConfig) => { giveUp: () => void; left: () => number };

const WAYS: Readonly<Record<string, Way>> = {
  signal: (config) => {
    const controller = new AbortController();
    config.signal = controller.signal;
    return { giveUp: () => controller.abort(), left: () => getEventListeners(controller.signal, 'abort').length };
  },
  cancelToken: (config) => {
    const { token, cancel } = axios.CancelToken.source();
    config.cancelToken = token;
    const left = () => (token as CancelToken & { _listeners?: unknown[] })._listeners?.length ?? 0;
    return { giveUp: () => cancel('enough'), left };
  },
};

const TABLE = Object.entries(MOMENTS).flatMap(([when, moment]) =>
  Object.entries(WAYS).map(([how, way]) => ({ when, moment, how, way })),
);

describe.each(['http', 'fetch'])('%s', (adapter) => {
  answering(adapter).each(TABLE)('$how, $when', (row) => givesUp(row, adapter));
});

async function givesUp({ moment, how, way }: (typeof TABLE)[number], adapter: string): Promise<void> {
  const config: AxiosRequestConfig = { adapter, headers: { 'X-Mine': '1' } };
  const { giveUp, left } = way(config);
  let sends = 0;
  const { url, requests } = await plainServer((request, response) => {
    if (request.url === '/end') return void response.end();
    sends += 1;
    if (moment.answer?.(sends, giveUp)) return;
    if (request.headers.authorization) response.end('in');
    else response.writeHead(401, CHALLENGE).write('no');
    if (!request.headers.authorization && !moment.slowly) response.end();
  });
  const expired = expiredLimits();
  const instance = client(url, moment.options?.(giveUp));
  const error = await instance.request({ ...config, ...moment.config?.(giveUp) }).catch((reason) => reason);
  expect(error.code).toBe('ERR_CANCELED');
  if (how === 'cancelToken') expect(error.message).toBe('enough');
  expect(expired).toEqual([]);
  // Whatever else was sent would have come before this.
  await bare(url).get('/end');
  await wait(10);
  expect(requests.filter((request) => request.url !== '/end')).toHaveLength(moment.sends);
  expect(left()).toBe(0);
}

test('a request that is canceled while a body is made for a known space ends without a send', async () => {
  const guarded = await server({ protect: { scheme: 'digest', algorithm: 'SHA-256', qop: 'auth-int' } });
  const instance = client(guarded.url);
  await instance.post('/', 'text');
  const leaving = new AbortController();
  const making = instance.post('/', undefined, {
    signal: leaving.signal,
    challenge: {
      body: () => {
        setImmediate(() => leaving.abort());
        return new Promise<never>(() => {});
      },
    },
  });
  await expect(making).rejects.toMatchObject({ code: 'ERR_CANCELED' });
  expect(statuses(guarded)).toEqual([401, 200]);
});

test('a request that is canceled while another request tries the credential ends, and the other request continues', async () => {
  let arrived: (response: ServerResponse) => void = () => {};
  const held = new Promise<ServerResponse>((resolve) => {
    arrived = resolve;
  });
  const guarded = await server({ onAuthenticated: (_, response) => arrived(response) });
  const instance = client(guarded.url);
  const first = instance.get('/');
  const response = await held;
  const leaving = new AbortController();
  const onEvent = ({ type }: AuthEvent) => {
    if (type === 'challenged') setImmediate(() => leaving.abort());
  };
  const second = instance.get('/', { signal: leaving.signal, challenge: { onEvent } });
  await expect(second).rejects.toMatchObject({ code: 'ERR_CANCELED' });
  response.end('in');
  expect((await first).data).toBe('in');
});
