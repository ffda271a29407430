/**
 * Run by the tests of SEC-55 in a process of its own, whose heap is small: says of each way in and each way to forget
 * whether a string of the heap still has the password, as JSON.
 */

import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { getHeapSnapshot } from 'node:v8';
import axios, { type AxiosInstance } from 'axios';
import { type AuthHandle, installAuth, keychain, type Provider } from '../../src/index.js';

/** A password that this test itself holds in bytes that are not its own. */
class Secret {
  readonly #bytes = Buffer.from(`pw-${randomBytes(12).toString('hex')}`).map((byte) => byte ^ 0xff);

  /** A new string each time. */
  get text(): string {
    return Buffer.from(this.#bytes.map((byte) => byte ^ 0xff)).toString();
  }

  /** Whether a string has the password in it. */
  isIn(bytes: Buffer): boolean {
    return bytes.includes(Buffer.from(this.#bytes.map((byte) => byte ^ 0xff)));
  }
}

/** Which of the secrets are, or are part of, a string of the heap. */
async function keptOf(secrets: readonly Secret[]): Promise<Set<Secret>> {
  await new Promise((resolve) => setTimeout(resolve, 200));
  for (let turn = 0; turn < 3; turn += 1) global.gc?.();
  const found = new Set<Secret>();
  let last = Buffer.alloc(0);
  for await (const chunk of getHeapSnapshot()) {
    const bytes = Buffer.concat([last, Buffer.from(chunk as Buffer)]);
    for (const secret of secrets) if (secret.isIn(bytes)) found.add(secret);
    last = bytes.subarray(-64);
  }
  return found;
}

/** Takes any password in Basic. */
const server = http.createServer(({ headers, url: asked = '' }, response) => {
  const isProxied = asked.startsWith('http:');
  const field = isProxied ? headers['proxy-authorization'] : headers.authorization;
  if (field?.startsWith(isProxied ? 'Digest ' : 'Basic ')) response.end();
  else if (isProxied)
    response.writeHead(407, { 'Proxy-Authenticate': 'Digest realm="p", nonce="n", qop="auth"' }).end();
  else response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="r"' }).end();
});

function installed(providers: Provider[]): { client: AxiosInstance; handle: AuthHandle } {
  // Nothing is left of a connection, either.
  const client = axios.create({ proxy: false, httpAgent: new http.Agent({ keepAlive: false }) });
  const handle = installAuth(client, { providers });
  return { client, handle };
}

type Use = (client: AxiosInstance, url: string, secret: Secret) => Promise<void>;

/** The ways in which a password comes in; nothing of what a request gives is held on to. */
const USES: Readonly<Record<string, { use: Use; providers?: (secret: Secret) => Provider[] }>> = {
  'from a provider': {
    use: async (client, url) => void (await client.get(url)),
    providers: (secret) => [
      { name: 'person', interactive: true, get: () => ({ username: 'a', password: secret.text }) },
    ],
  },
  'from config.auth': {
    use: async (client, url, { text }) => void (await client.get(url, { auth: { username: 'a', password: text } })),
  },
  'from the URL': {
    use: async (client, url, { text }) => void (await client.get(url.replace('//', `//a:${text}@`))),
  },
  'for a request of its own providers': {
    use: async (client, url, secret) => {
      const own: Provider = { name: 'own', get: () => ({ username: 'a', password: secret.text }) };
      await client.get(url, { challenge: { providers: [own] } });
    },
  },
  'of a proxy of the environment': {
    use: async (client, proxy, { text }) => {
      client.defaults.proxy = undefined as never;
      process.env.http_proxy = proxy.replace('//', `//a:${text}@`);
      await client.get('http://origin.invalid/');
      delete process.env.http_proxy;
    },
  },
  'that was typed, and offered to the keychain': {
    use: async (client, url) => void (await client.get(url)),
    providers: (secret) => [
      keychain({ backend: EMPTY, save: 'always' }),
      { name: 'person', interactive: true, get: () => ({ username: 'a', password: secret.text }) },
    ],
  },
};

const EMPTY = {
  findCredentials: async () => [],
  getPassword: async () => null,
  setPassword: async () => {},
  deletePassword: async () => true,
};

const WAYS: Readonly<Record<string, (handle: AuthHandle, url: string) => void>> = {
  'forget()': (handle) => handle.forget(),
  'forget(url)': (handle, url) => handle.forget(url),
  'eject()': (handle) => handle.eject(),
};

await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

interface Story {
  readonly name: string;
  readonly way: string;
  readonly secret: Secret;
  /** They do not go before the heap was looked at. */
  readonly held: unknown;
}

async function tell(name: string, way: string): Promise<Story> {
  const { use, providers } = USES[name] as (typeof USES)[string];
  const secret = new Secret();
  const { client, handle } = installed(providers?.(secret) ?? []);
  await use(client, url, secret);
  WAYS[way]?.(handle, url);
  return { name, way, secret, held: [client, handle] };
}

const stories: Story[] = [];
for (const name of Object.keys(USES)) {
  for (const way of [...Object.keys(WAYS), 'nothing']) stories.push(await tell(name, way));
}
const kept = await keptOf(stories.map(({ secret }) => secret));
const told: Record<string, Record<string, boolean>> = {};
for (const { name, way, secret } of stories) told[name] = { ...told[name], [way]: kept.has(secret) };
process.stdout.write(JSON.stringify(told));
process.exit(0);
