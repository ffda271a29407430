/** Discovery, in a web that is played: each rule a row. */

import { type Discovered, discover } from '../../../../src/oauth/discovery/discover.js';
import { discoverIn, GOOD, ISSUER, ISSUER_PLACE, type Page, RESOURCE, RESOURCE_PLACE, resolve } from './fake-web.js';

const NAMED = 'https://api.example/meta';
const field = (params: string) => `Bearer scope="s", ${params}`;
const META = field(`resource_metadata="${NAMED}"`);
const ABOUT = GOOD[RESOURCE_PLACE] as Page;
const META_WEB = { ...GOOD, [NAMED]: ABOUT };

test('a resource names its issuer, and the issuer says where tokens are', async () => {
  const { found, asked } = await discoverIn(GOOD);
  expect(found).toMatchObject({ issuer: ISSUER, resource: RESOURCE, scope: 'files:read x' });
  expect((found as Discovered).metadata.token_endpoint).toBe(`${ISSUER}/token`);
  expect(asked).toEqual([RESOURCE_PLACE, ISSUER_PLACE]);
});

// TOKENS: how SDKs misread the challenge. Each has scope="s" and the right URL, and something beside it.
test.each([
  ['plain', META],
  ['blanks around =', `Bearer scope="s", resource_metadata = "${NAMED}"`],
  ['Basic before it', `Basic realm="x", ${META}`],
  ['Negotiate before it', `Negotiate, ${META}`],
  ['error_scope first', `Bearer error_scope="decoy", ${META.slice(7)}`],
  ['a URL in the realm', `Bearer realm="see resource_metadata=https://evil.example/x", ${META.slice(7)}`],
  ['a scope in error_description', `Bearer error_description="needs scope=admin", ${META.slice(7)}`],
  ['capitals', `BEARER SCOPE="s", Resource_Metadata="${NAMED}"`],
  ['another challenge behind it', `${META}, Basic realm="x"`],
  ['a quoted-pair', `Bearer scope="s", resource_metadata="https:/\\/api.example/meta"`],
  ['without quotes', `Bearer scope=s, resource_metadata=${NAMED}`],
])('a challenge with %s is read', async (_, value) => {
  const { found, asked } = await discoverIn(META_WEB, { field: value });
  expect(found).toMatchObject({ issuer: ISSUER, scope: 's' });
  expect(asked).toEqual([NAMED, ISSUER_PLACE]);
});

test.each([
  ['no challenge', ''],
  ['a Basic challenge', 'Basic realm="x"'],
  ['the parameter twice, which is malformed', `${META}, resource_metadata="https://evil.example/x"`],
  ['a realm that is a URL', 'Bearer realm="https://evil.example/x"'],
  ['a place that has nothing', field('resource_metadata="https://api.example/gone"')],
])('%s: the well-known place is asked', async (_, value) => {
  const { found, asked } = await discoverIn(GOOD, { field: value });
  expect(found).toMatchObject({ issuer: ISSUER });
  expect(asked.slice(-2)).toEqual([RESOURCE_PLACE, ISSUER_PLACE]);
  expect(asked.join()).not.toContain('evil');
});

const ROOT_PLACE = 'https://api.example/.well-known/oauth-protected-resource';

test.each([
  ['https://api.example/mcp?key=s3cret', RESOURCE_PLACE],
  ['https://api.example/mcp#x', RESOURCE_PLACE],
  ['https://alice:s3cret@api.example/mcp', RESOURCE_PLACE],
])('%s is looked for by its path alone', async (url, place) => {
  const { found, asked } = await discoverIn(GOOD, { url });
  expect(found).toMatchObject({ issuer: ISSUER, resource: RESOURCE });
  expect(asked[0]).toBe(place);
});

test('after the place of the path comes that of the root, once', async () => {
  const root = { resource: 'https://api.example', authorization_servers: [ISSUER] };
  const pages = { ...GOOD, [ROOT_PLACE]: root, [RESOURCE_PLACE]: { raw: { status: 500 } } };
  const { found, asked } = await discoverIn(pages);
  expect(found).toMatchObject({ resource: 'https://api.example', scope: undefined });
  expect(asked).toEqual([RESOURCE_PLACE, ROOT_PLACE, ISSUER_PLACE]);
  expect((await discoverIn(pages, { url: 'https://api.example' })).asked).toEqual([ROOT_PLACE, ISSUER_PLACE]);
});

test.each([
  ['https://api.example/mcp', true],
  ['https://api.example/mcp/', true],
  ['https://api.example/', true],
  ['https://api.example', true],
  ['https://API.example:443/', true],
  ['https://api.example/mc', false],
  ['https://api.example/mcp/tools', false],
  ['https://api.example/other', false],
  ['https://api.example/mcp?tenant=1', false],
  ['https://api.example/mcp#part', false],
  ['https://api.example/mcp#', false],
  ['https://alice@api.example/mcp', false],
  ['https://api.example:8443/mcp', false],
  ['http://api.example/mcp', false],
  ['https://evil.example/mcp', false],
  ['urn:api', false],
  ['', false],
  [undefined, false],
  [['https://api.example/mcp'], false],
])('a resource that calls itself %j: %s', async (resource, isIt) => {
  const { found, message, asked } = await discoverIn({ ...GOOD, [RESOURCE_PLACE]: { ...ABOUT, resource } });
  if (isIt) return expect(found).toMatchObject({ resource });
  expect(message).toBe(
    'oauth: discovery failed at resource metadata: it is that of another resource than https://api.example/mcp',
  );
  expect(asked).toHaveLength(1);
});

test('a resource with a query is the addressed URL alone', async () => {
  const url = `${RESOURCE}?tenant=1`;
  const pages = { ...GOOD, [RESOURCE_PLACE]: { ...ABOUT, resource: url } };
  expect((await discoverIn(pages, { url })).found).toMatchObject({ resource: url });
  expect((await discoverIn(pages, { url: `${RESOURCE}?tenant=2` })).found).toBeInstanceOf(Error);
});

const OTHER = 'https://other.example';
const NO_SERVER = 'choice of issuer: the resource names no authorization server';

test.each<[string, unknown, object, string]>([
  ['none', undefined, {}, NO_SERVER],
  ['an empty list', [], {}, NO_SERVER],
  ['a text', ISSUER, {}, NO_SERVER],
  ['one', [ISSUER], {}, ISSUER],
  ['one twice', [ISSUER, ISSUER], {}, ISSUER],
  ['the caller\u2019s', [OTHER, ISSUER], { issuer: ISSUER }, ISSUER],
  ['that of a client', [OTHER, ISSUER], { known: [ISSUER, 'https://third.example'] }, ISSUER],
  ['one where there is no client', [ISSUER], { known: [OTHER] }, ISSUER],
  [
    'several',
    [OTHER, ISSUER],
    {},
    'choice of issuer: the resource names several: "https://other.example", "https://id.example" (set issuer to one of them)',
  ],
  ['several clients', [OTHER, ISSUER], { known: [ISSUER, OTHER] }, 'names several'],
  [
    'another than the caller\u2019s',
    [OTHER],
    { issuer: ISSUER },
    'choice of issuer: the resource does not name "https://id.example", which issuer is set to, but "https://other.example"',
  ],
  ['the caller\u2019s with a slash', [`${ISSUER}/`], { issuer: ISSUER }, 'does not name "https://id.example"'],
  [
    'text that is no issuer, which is not shown',
    ['s3cret text', 'https://x.example/?s3cret', 7, ISSUER],
    {},
    'several: something else, something else, something else, "https://id.example" (',
  ],
  ['very many', 'abcdefgh'.split('').map((c) => `https://${c}.example`), {}, '"https://e.example" ... (set issuer'],
])(
  'of the issuers of a resource that names %s, the right one is taken',
  async (_, authorization_servers, caller, result) => {
    const { found, message } = await discoverIn(
      { ...GOOD, [RESOURCE_PLACE]: { ...ABOUT, authorization_servers } },
      caller,
    );
    if (result === ISSUER) expect(found).toMatchObject({ issuer: ISSUER });
    else expect(message).toContain(result);
    expect(String(message)).not.toContain('s3cret');
  },
);

test.each([
  [ISSUER, ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']],
  [`${ISSUER}/`, ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']],
  [
    `${ISSUER}/t`,
    [
      '/.well-known/oauth-authorization-server/t',
      '/.well-known/openid-configuration/t',
      '/t/.well-known/openid-configuration',
    ],
  ],
  [
    `${ISSUER}/t/`,
    [
      '/.well-known/oauth-authorization-server/t',
      '/.well-known/openid-configuration/t',
      '/t/.well-known/openid-configuration',
    ],
  ],
])('the metadata of %s is looked for in order, and may be at the last place', async (issuer, paths) => {
  const places = paths.map((path) => `${ISSUER}${path}`);
  const about = { ...ABOUT, authorization_servers: [issuer] };
  const last = places.at(-1) as string;
  const { found, asked } = await discoverIn({ [RESOURCE_PLACE]: about, [last]: { issuer } });
  expect(found).toMatchObject({ issuer });
  expect(asked).toEqual([RESOURCE_PLACE, ...places]);
  const { message } = await discoverIn({ [RESOURCE_PLACE]: about });
  expect(message).toBe(
    `oauth: discovery failed at issuer metadata: ${places.map((place) => `${place} answered 404`).join('; ')}`,
  );
});

test.each([`${ISSUER}/`, 'https://ID.example', 'https://id.example:443', OTHER, undefined, 7, [ISSUER]])(
  'metadata of the issuer %j is that of another issuer',
  async (issuer) => {
    const { message, asked } = await discoverIn({ ...GOOD, [ISSUER_PLACE]: { issuer, token_endpoint: 's3cret' } });
    expect(message).toBe(
      'oauth: discovery failed at issuer metadata: it is that of another issuer than "https://id.example"',
    );
    expect(asked).toHaveLength(2);
  },
);

test.each<[string, Page, string]>([
  ['a redirect', { raw: { status: 302 } }, 'answered 302'],
  ['an error', { raw: { status: 503 } }, 'answered 503'],
  ['text', { raw: { contentType: 'text/html' } }, 'is not JSON'],
  ['a lookalike', { raw: { contentType: 'application/jsonp' } }, 'is not JSON'],
  ['no type', { raw: { contentType: undefined } }, 'is not JSON'],
  ['too much', { raw: { body: Buffer.alloc(65_537, ' ') } }, 'is longer than 64 KiB'],
  ['broken JSON', { raw: { body: Buffer.from('{"s3cret":') } }, 'is not a JSON object'],
  ['a list', { raw: { body: Buffer.from('["s3cret"]') } }, 'is not a JSON object'],
  ['null', { raw: { body: Buffer.from('null') } }, 'is not a JSON object'],
  ['no UTF-8', { raw: { body: Buffer.from('{"a":"\xff"}', 'latin1') } }, 'is not a JSON object'],
])('a place with %s has no metadata, and nothing of its body is said', async (_, page, reason) => {
  const { message } = await discoverIn({ ...GOOD, [RESOURCE_PLACE]: page });
  expect(message).toBe(
    `oauth: discovery failed at resource metadata: ${RESOURCE_PLACE} ${reason}; ${ROOT_PLACE} answered 404 (set issuer, if you know it)`,
  );
});

test('the type may be written in capitals and with parameters', async () => {
  const raw = { contentType: 'Application/JSON ; charset=utf-8', body: Buffer.from(JSON.stringify(ABOUT)) };
  expect((await discoverIn({ ...GOOD, [RESOURCE_PLACE]: { raw } })).found).toMatchObject({ issuer: ISSUER });
});

test('a resource that says nothing is of the issuer that the caller has set', async () => {
  const { [ISSUER_PLACE]: page = {} } = GOOD;
  const { found } = await discoverIn({ [ISSUER_PLACE]: page }, { issuer: ISSUER, field: 'Bearer scope="s"' });
  expect(found).toMatchObject({ issuer: ISSUER, resource: 'https://api.example', scope: 's' });
  const { message } = await discoverIn({ [ISSUER_PLACE]: page });
  expect(message).toContain('failed at resource metadata: https://api.example/.well-known/');
});

test('what can be asked is asked six times at most', async () => {
  const gone = field('resource_metadata="https://api.example/gone"');
  const { asked } = await discoverIn({}, { issuer: `${ISSUER}/t`, field: gone });
  expect(asked).toHaveLength(6);
});

test('metadata has no prototype, whatever its names are', async () => {
  const body = Buffer.from(`{"issuer":"${ISSUER}","__proto__":{"polluted":true}}`);
  const { found } = await discoverIn({ ...GOOD, [ISSUER_PLACE]: { raw: { body } } });
  const { metadata } = found as Discovered;
  expect(Object.getPrototypeOf(metadata)).toBeNull();
  expect(metadata.polluted).toBeUndefined();
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test.each(['unix:/run/x', 'ftp://api.example', 'nonsense'])('%s is no resource that can be discovered', async (url) => {
  expect(await discoverIn(GOOD, { url })).toMatchObject({
    asked: [],
    message: 'oauth: discovery failed at the resource: it is not an http or https URL',
  });
});

test.each([
  [new TypeError('s3cret'), 'cannot be fetched (TypeError)'],
  ['s3cret', 'cannot be fetched (no error says why)'],
])('a fetch that throws %p is told by its kind', async (thrown, reason) => {
  const question = { url: RESOURCE, challenge: undefined, issuer: undefined };
  const found = discover(question, () => Promise.reject(thrown), undefined, resolve);
  await expect(found).rejects.toMatchObject({
    code: 'ERR_AUTH_PROVIDER',
    message: `oauth: discovery failed at resource metadata: ${RESOURCE_PLACE} ${reason}`,
  });
});
