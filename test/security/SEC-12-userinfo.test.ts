/** SEC-12 Userinfo is found as the URL parser finds it (WHATWG URL §4.4), however it is written. */

import { inspect, types } from 'node:util';
import { type AuthEvent, explain, trace } from '../../src/index.js';
import { bare, client, server } from '../support/stage.js';

const password = 'w0nderl4nd';

/** `at` is `host:port`. */
const SPELLINGS: Readonly<Record<string, (at: string) => string>> = {
  'a space before it': (at) => ` http://alice:${password}@${at}/x`,
  'control characters before it': (at) => `\u0000\u001f\t http://alice:${password}@${at}/x`,
  'a line break before it': (at) => `\r\nhttp://alice:${password}@${at}/x`,
  'a tab in the scheme': (at) => `ht\ttp://alice:${password}@${at}/x`,
  'a line break in the authority': (at) => `http:/\n/al\rice:${password}@${at}/x`,
  'a line break in the password': (at) => `http://alice:${password.slice(0, 3)}\n${password.slice(3)}@${at}/x`,
  'three slashes': (at) => `http:///alice:${password}@${at}/x`,
  'many slashes': (at) => `http:///////alice:${password}@${at}/x`,
  backslashes: (at) => `http:\\\\alice:${password}@${at}/x`,
  'slashes of both kinds': (at) => `http:/\\/alice:${password}@${at}/x`,
  'one slash': (at) => `http:/alice:${password}@${at}/x`,
  'no slash': (at) => `http:alice:${password}@${at}/x`,
  'an upper-case scheme': (at) => `HTTP://alice:${password}@${at}/x`,
  'an "@" in it': (at) => `http://alice@home:${password}@${at}/x`,
  'no user name': (at) => `http://:${password}@${at}/x`,
  'white space behind it': (at) => `http://alice:${password}@${at}/x \n`,
};

const isSending = (adapter: string, at: string) =>
  bare('', { adapter })
    .get(`${at}`, { validateStatus: null })
    .then(
      () => true,
      () => false,
    );

describe.each(['http', 'fetch'])('adapter %s', (adapter) => {
  test.each(Object.entries(SPELLINGS))(
    'SEC-12 %s: the password is shown nowhere, and tried once',
    async (name, spell) => {
      const username = { 'an "@" in it': 'alice@home', 'no user name': '' }[name] ?? 'alice';
      const guarded = await server({ users: { [username]: password } });
      const at = new URL(guarded.url).host;
      const isSent = await isSending(adapter, spell(at));
      guarded.requests.length = 0;
      const events: AuthEvent[] = [];
      const http = client('', { providers: [], onEvent: (event) => events.push(event) }, { adapter });
      const outcome = await http.get(spell(at)).catch((error: unknown) => error);
      const { config, toJSON } = outcome as { config: object; toJSON?: () => unknown };
      const json = JSON.stringify([config, toJSON?.call(outcome), trace(outcome)]);
      const shown = [inspect([config, events, outcome], { depth: 3 }), explain(outcome), json, String(outcome)];
      for (const spelt of [password, `${password.slice(0, 3)}\n`, `${password.slice(0, 3)}\\n${password.slice(3)}`]) {
        expect(shown.filter((text) => text.includes(spelt))).toEqual([]);
      }
      // What axios itself sends is sent with Basic, and then with Digest: each once.
      if (isSent) {
        expect(guarded.requests.map(({ scheme, status }) => [scheme, status])).toEqual([
          ['basic', 401],
          ['digest', 200],
        ]);
        guarded.requests.length = 0;
        expect((await http.request(config)).status).toBe(200);
      }
    },
  );

  test.each(Object.entries(SPELLINGS))('SEC-12 %s: a wrong password is sent once', async (_name, spell) => {
    const guarded = await server({ users: {}, protect: { scheme: 'basic' } });
    const at = new URL(guarded.url).host;
    await client('', { providers: [] }, { adapter })
      .get(spell(at))
      .catch(() => {});
    expect(guarded.requests.length).toBeLessThanOrEqual(1);
  });
});

test.each(Object.entries(SPELLINGS))('SEC-12 %s in a baseURL', async (_name, spell) => {
  const guarded = await server({ users: {} });
  const at = new URL(guarded.url).host;
  for (const url of ['/y', '', `${guarded.url}/absolute`]) {
    const outcome = await client(spell(at), { providers: [] })
      .get(url)
      .catch((error: unknown) => error);
    const { config } = outcome as { config?: object };
    const shown = [inspect([config, outcome], { depth: 3 }), JSON.stringify(config), explain(outcome)].join('\n');
    expect(shown.replaceAll('\\n', '')).not.toContain(password);
  }
});

test('SEC-12 userinfo that baseURL and URL make together is shown nowhere', async () => {
  const guarded = await server({ users: { alice: password } });
  const at = new URL(guarded.url).host;
  const http = client('', { providers: [] });
  const [baseURL, url] = ['http://', `/alice:${password}@${at}/x`];
  const outcome = await http.get(url, { baseURL }).catch((error: unknown) => error);
  const { config } = outcome as { config: object };
  expect(inspect([outcome, JSON.stringify(config)], { depth: 3 })).not.toContain(password);
});

test.each(['/users/@me', 'me@files.example/x', '/a//b@c', '?to=a:b@c', '#a:b@c', 'a:b@c'])(
  'SEC-12 an "@" that is in no authority stays where it is: %s',
  async (url) => {
    const guarded = await server();
    const theirs = await bare(guarded.url).get(url, { validateStatus: null });
    const ours = await client(guarded.url).get(url);
    expect([ours.config.url, ours.status]).toEqual([url, 200]);
    const [first, ...others] = guarded.requests.map((request) => request.url);
    expect(new Set(others)).toEqual(new Set([first]));
    expect(theirs.config.url).toBe(url);
    expect(typeof (await client(guarded.url).request(ours.config)).status).toBe('number');
  },
);

test.each([
  '\ufeffhttp://alice:w0nderl4nd@h/',
  '\u00a0http://alice:w0nderl4nd@h/',
  '"http://alice:w0nderl4nd@h/"',
  'ftp:alice:w0nderl4nd@h/',
  'http://alice:w0nderl4nd@',
  'http://alice:w0nderl4nd@ho st/',
  'http://alice:w0nderl4nd@h:99999/',
  '//alice:w0nderl4nd@h/',
])('SEC-12 a URL that axios refuses is shown without its password: %j', async (url) => {
  for (const adapter of ['http', 'fetch']) {
    const error = await client('', { providers: [] }, { adapter })
      .get(url)
      .catch((reason: unknown) => reason);
    // axios gives some of these as the URL parser's own error, which has no toJSON.
    const json = JSON.stringify((error as { toJSON?(): unknown }).toJSON?.() ?? error);
    expect([types.isNativeError(error), json.includes(password)]).toEqual([true, false]);
    expect(inspect(error, { depth: 4 })).not.toContain(password);
  }
});
