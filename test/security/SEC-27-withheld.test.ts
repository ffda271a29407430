/** SEC-27 What is withheld for another send is shown by no way of printing, listing, copying or cloning. */

import http from 'node:http';
import https from 'node:https';
import { type InspectOptions, inspect } from 'node:util';
import { type AxiosInstance, isAxiosError } from 'axios';
import { installAuth } from '../../src/index.js';
import { bob, proxyServer, through } from '../support/proxy.js';
import { search } from '../support/reach.js';
import { afterwards, bare, server } from '../support/stage.js';
import { selfSigned } from '../support/tls.js';

const PASSWORD = 'hush-hush-1';
const BASIC = Buffer.from(`bob:${PASSWORD}`).toString('base64');

const OPTIONS: readonly InspectOptions[] = [
  { getters: true, showHidden: true, showProxy: true, depth: 5 },
  { getters: true, showHidden: true, customInspect: false, depth: 5 },
  { getters: 'get', depth: 5 },
];

// Node keeps `headersDistinct` where it is read: to read the getters of its prototype would spoil every later message.
const prototype = http.IncomingMessage.prototype;
const symbols = Object.getOwnPropertySymbols(prototype);
afterEach(() => {
  for (const symbol of Object.getOwnPropertySymbols(prototype))
    if (!symbols.includes(symbol)) Reflect.deleteProperty(prototype, symbol);
});

/** Every value that can be had by going through what an object lists, its getters and its prototypes' run. */
function values(root: unknown): unknown[] {
  const seen = new Set<unknown>([globalThis, process, http, https, http.globalAgent, https.globalAgent]);
  const queue = [root];
  for (let value = queue.shift(); queue.length > 0 || value !== undefined; value = queue.shift()) {
    if ((typeof value !== 'object' && typeof value !== 'string') || value === null || seen.has(value)) continue;
    seen.add(value);
    if (typeof value === 'string' || ArrayBuffer.isView(value)) continue;
    for (
      let holder: object | null = value;
      holder && holder !== Object.prototype;
      holder = Object.getPrototypeOf(holder)
    )
      for (const { get, value: own } of Object.values(Object.getOwnPropertyDescriptors(holder)))
        queue.push(get ? quietly(() => get.call(value)) : own);
  }
  return [...seen];
}

function quietly(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function expectHidden(held: object): void {
  const secrets = [PASSWORD, BASIC];
  const shown = OPTIONS.map((options) => inspect(held, options));
  const config = (held as { config?: object }).config ?? {};
  const written = Object.values(config).map((part) => quietly(() => JSON.stringify(part)));
  const cloned = Object.values(config).map((part) => inspect(quietly(() => structuredClone(part))));
  const texts = [...shown, ...written, ...cloned, ...values(held)].filter((text) => typeof text === 'string');
  expect(texts.length).toBeGreaterThan(50);
  expect(secrets.filter((secret) => texts.some((text) => text.includes(secret)))).toEqual([]);
  expect(search({ held }, secrets).found).toEqual([]);
}

async function outcomeOf(request: Promise<unknown>): Promise<object> {
  return request.catch((error: unknown) => error) as Promise<object>;
}

function installed(url: string, config = {}): AxiosInstance {
  const httpsAgent = new https.Agent({ rejectUnauthorized: false });
  afterwards(() => httpsAgent.destroy());
  const instance = bare(url, { httpsAgent, ...config });
  installAuth(instance, { providers: [] });
  return instance;
}

test.each([200, 403])("SEC-27 the caller's own password, after a %i", async (status) => {
  const guarded = await server({
    users: { bob: PASSWORD },
    onAuthenticated: (_, response) => void response.writeHead(status).end(),
  });
  const instance = installed(guarded.url);
  const held = await outcomeOf(instance.get('/', { auth: { username: 'bob', password: PASSWORD } }));
  expectHidden(held);
  // Whoever sends it again is let in as before.
  const again = await outcomeOf(instance.request((held as { config: object }).config));
  expect((isAxiosError(again) ? again.response : (again as { status: number }))?.status).toBe(status);
});

test.each([200, 401])('SEC-27 the password of a proxy that tunnels, after a %i', async (status) => {
  const proxy = await proxyServer({ protect: { scheme: 'basic' }, users: { bob: PASSWORD } });
  const origin = await server({
    tls: selfSigned(),
    onRequest: (_, response) => {
      response.writeHead(status).end();
      return true;
    },
  });
  const auth = { username: bob.username, password: PASSWORD };
  const instance = installed(origin.url, { proxy: { ...through(proxy), auth } });
  for (let turn = 0; turn < 2; turn += 1) {
    const held = await outcomeOf(instance.get('/'));
    expect((isAxiosError(held) ? held.response : (held as { status: number }))?.status).toBe(status);
    expectHidden(held);
  }
});
