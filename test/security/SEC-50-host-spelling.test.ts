/** SEC-50 One spelling, one host: no host reads a variable that is named after another one. */

import fc from 'fast-check';
import { env, explain, installAuth } from '../../src/index.js';
import { hostSpellings } from '../../src/providers/env/host-variable.js';
import { ask } from '../support/credential-request.js';
import { bare, server } from '../support/stage.js';

/** Whether a host gets what stands under this name. */
async function reads(origin: string, name: string): Promise<boolean> {
  const provider = env({ environment: { [`P_${name}_TOKEN`]: 's3cret' }, prefix: 'P' });
  return (await provider.get(ask({ origin, scheme: 'bearer' }))) !== undefined;
}

test.each([
  ['FE80__1', ['https://[fe80::1]', 'https://fe80-1']],
  ['2001_DB8__1', ['https://[2001:db8::1]', 'https://2001.db8-1']],
  ['CAFE_AB__C_DE', ['https://[cafe:ab::c:de]', 'https://cafe.ab-c.de']],
  ['A_B_C_D_E_F_1_AB', ['https://[a:b:c:d:e:f:1:ab]', 'https://a.b.c.d.e.f.1.ab']],
  ['A___B', ['https://a-.b', 'https://a.-b', 'https://a_-b', 'https://a-_b', 'https://a___b', 'https://a...b']],
  [
    'FILES_EXAMPLE___8443',
    ['https://files.example:8443', 'https://files.example.-8443', 'https://files.example-.8443x'],
  ],
  [
    'FILES_EXAMPLE____8443',
    ['https://files.example--8443', 'https://files.example.:8443', 'https://files.example_:8443'],
  ],
  ['FILES_EXAMPLE', ['https://files.example', 'https://files_example', 'https://files_.example']],
  ['FILES__EXAMPLE', ['https://files-example', 'https://files__example', 'https://files..example']],
  ['A____B', ['https://a--b', 'https://a-..b', 'https://a.-.b', 'https://a..-b']],
  ['__1', ['https://[::1]', 'https://-1x', 'https://..1x']],
])('SEC-50 %s is read by one host at most', async (name, origins) => {
  const readers: string[] = [];
  for (const origin of origins) if (await reads(origin, name)) readers.push(origin);
  expect(readers.length).toBeLessThanOrEqual(1);
});

test.each([
  ['https://files.example', 'FILES_EXAMPLE'],
  ['https://FILES.Example', 'FILES_EXAMPLE'],
  ['https://my-files.example', 'MY__FILES_EXAMPLE'],
  ['https://files.example:8443', 'FILES_EXAMPLE___8443'],
  ['https://b\u00fccher.example', 'XN____BCHER__KVA_EXAMPLE'],
  ['https://db-1', 'DB__1'],
  ['https://cafe-ab.de', 'CAFE__AB_DE'],
  ['http://localhost:3000', 'LOCALHOST___3000'],
  ['http://127.0.0.1:8080', '127_0_0_1___8080'],
  ['https://[2001:db8::1]:8443', '2001_DB8__1___8443'],
])('SEC-50 %s keeps its spelling', async (origin, name) => {
  expect(await reads(origin, name)).toBe(true);
});

test.each(['https://files.example.', 'https://a_b.example', 'https://-a.example', 'https://a-.example', 'unix:/run/x'])(
  'SEC-50 %s has no spelling',
  (origin) => {
    expect(hostSpellings(origin)).toEqual([]);
  },
);

const label = fc.stringMatching(/^[a-f0-9_-]{0,3}$/);
const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
const group = fc.stringMatching(/^[0-9a-f]{0,2}$/);
const address = fc.array(group, { minLength: 3, maxLength: 8 }).map((groups) => `[${groups.join(':')}]`);
const port = fc.constantFrom('', ':1', ':12', ':8443', ':80');
const origins = fc
  .tuple(
    fc.constantFrom('http', 'https'),
    fc.oneof(
      name,
      address,
      fc.ipV6().map((ip) => `[${ip}]`),
    ),
    port,
  )
  .filter(([scheme, host, suffix]) => URL.canParse(`${scheme}://${host}${suffix}`))
  .map(([scheme, host, suffix]) => new URL(`${scheme}://${host}${suffix}`).origin);

test('SEC-50 no two hosts are spelled alike, whatever they are', () => {
  const owners = new Map<string, string>();
  fc.assert(
    fc.property(origins, (origin) => {
      const { host } = new URL(origin);
      for (const spelled of hostSpellings(origin)) {
        const name = spelled.toUpperCase();
        expect([name, owners.get(name) ?? host]).toEqual([name, host]);
        owners.set(name, host);
      }
    }),
    { numRuns: 20_000 },
  );
  expect(owners.size).toBeGreaterThan(1000);
});

test('SEC-50 the record says why the variable of a host is not looked for', async () => {
  const guarded = await server();
  const client = bare('http://[::1]');
  const environment = { AXIOS_CHALLENGE_LOCAL_HOST_USERNAME: 'alice', AXIOS_CHALLENGE_LOCAL_HOST_PASSWORD: 'x' };
  installAuth(client, { providers: [env({ environment })] });
  const lookup = (_name: string, _options: object, done: (error: null, address: string, family: number) => void) =>
    done(null, '127.0.0.1', 4);
  const url = guarded.url.replace('127.0.0.1', 'local_host');
  const error = await client.get(url, { lookup: lookup as never }).catch((reason: unknown) => reason);
  expect(explain(error)).toContain('the name of a variable cannot spell local_host (set AXIOS_CHALLENGE_URL)');
  expect(guarded.requests).toHaveLength(1);
});
