/** Which Digest challenges are answered, how strong the answer is, and what they cover. */

import { basic } from '../../../../src/schemes/basic.js';
import { digestAuthorization } from '../../../../src/schemes/digest/compute.js';
import { digest } from '../../../../src/schemes/digest/digest.js';
import { parseChallenges } from '../../../../src/syntax/challenge.js';
import { offerOf } from '../../../support/offer.js';

const scheme = digest();

function challenge(field: string) {
  const [found, ...others] = parseChallenges(`Digest ${field}`);
  expect(others).toEqual([]);
  return found!;
}

test('sends no secret', () => {
  expect(scheme).toMatchObject({ name: 'digest', credential: 'password', clearText: false });
});

test.each([
  ['RFC 2069', 'realm="r", nonce="n"', 'Digest MD5'],
  ['RFC 2617', 'realm="r", nonce="n", qop="auth,auth-int", algorithm=MD5', 'Digest MD5'],
  ['an empty realm', 'realm="", nonce="n"', 'Digest MD5'],
  ['SHA-256', 'realm="r", nonce="n", qop="auth", algorithm=SHA-256', 'Digest SHA-256'],
  ['SHA-512-256', 'realm="r", nonce="n", qop="auth", algorithm=SHA-512-256', 'Digest SHA-512-256'],
  ['MD5-sess', 'realm="r", nonce="n", qop="auth", algorithm=MD5-sess', 'Digest MD5-sess'],
  ['SHA-256-sess', 'realm="r", nonce="n", qop="auth", algorithm=SHA-256-sess', 'Digest SHA-256-sess'],
  ['SHA-512-256-sess', 'realm="r", nonce="n", qop="auth", algorithm=SHA-512-256-sess', 'Digest SHA-512-256-sess'],
  ['an algorithm in any case', 'realm="r", nonce="n", algorithm=sha-256', 'Digest SHA-256'],
  ['-sess in any case', 'realm="r", nonce="n", qop=auth, algorithm=mD5-SESS', 'Digest MD5-sess'],
  ['an algorithm quoted', 'realm="r", nonce="n", algorithm="SHA-256"', 'Digest SHA-256'],
  ['auth-int alone', 'realm="r", nonce="n", qop="auth-int"', 'Digest MD5'],
  ['an empty qop', 'realm="r", nonce="n", qop=""', 'Digest MD5'],
  ['a qop of commas', 'realm="r", nonce="n", qop=" , "', 'Digest MD5'],
  ['a known qop among unknown', 'realm="r", nonce="n", qop="auth-conf, auth"', 'Digest MD5'],
  ['a qop in any case', 'realm="r", nonce="n", qop="AUTH"', 'Digest MD5'],
  ['unknown params', 'realm="r", nonce="n", foo=bar, charset=UTF-8', 'Digest MD5'],
])('%s is answered', (_, field, label) => {
  expect(offerOf(scheme, challenge(field))).toMatchObject({ label, strength: expect.any(Number) });
});

test.each([
  ['no realm', 'nonce="n", qop="auth"', 'it has no realm'],
  ['no nonce', 'realm="r", qop="auth"', 'it has no nonce'],
  ['a word, which is a token68', 'word', 'it has no realm'],
  ['"qop=", which is a token68', 'qop=', 'it has no realm'],
  ['-sess without qop', 'realm="r", nonce="n", algorithm=MD5-sess', 'MD5-sess needs qop'],
  ['-sess with an empty qop', 'realm="r", nonce="n", algorithm=SHA-256-sess, qop=""', 'SHA-256-sess needs qop'],
  ['only unknown qops', 'realm="r", nonce="n", qop="auth-conf"', 'the qop "auth-conf" is not supported'],
  [
    'a qop that only starts well',
    'realm="r", nonce="n", qop="auth-integer"',
    'the qop "auth-integer" is not supported',
  ],
  ...[
    'SHA-1',
    'SHA',
    'SHA-512',
    'SHA-384',
    'SHA-512-256x',
    'token',
    'MD5-',
    'MD5-sess-sess',
    '__proto__',
    'toString',
  ].map((name) => [
    `algorithm=${name}`,
    `realm="r", nonce="n", algorithm=${name}`,
    `the algorithm "${name}" is not supported`,
  ]),
  ['an empty algorithm', 'realm="r", nonce="n", algorithm=""', 'the algorithm "" is not supported'],
])('%s is not answered', (_, field, reason) => {
  expect(scheme.read(challenge(field as string))).toMatchObject({ reason });
  const request = { username: 'a', password: 'b', method: 'GET', uri: '/' };
  const answer = () => digestAuthorization({ challenge: challenge(field as string), ...request });
  expect(answer).toThrow(expect.objectContaining({ code: 'ERR_AUTH_CHALLENGE' }));
});

test('SHA-512-256 is stronger than SHA-256, and that than MD5; with -sess each is a little stronger', () => {
  const strengths = ['MD5', 'SHA-256', 'SHA-512-256'].flatMap((name) => {
    const [plain, sess] = [name, `${name}-sess`].map((one) =>
      scheme.read(challenge(`realm="r", nonce="n", qop="auth", algorithm=${one}`)),
    ) as Array<{ strength: number }>;
    return [plain?.strength as number, sess?.strength as number];
  });
  expect(strengths).toEqual([...strengths].sort((a, b) => a - b));
  expect(new Set(strengths).size).toBe(6);
});

test.each([
  [['SHA-256'], 'MD5', false],
  [['SHA-256'], 'MD5-sess', false],
  [['SHA-256'], 'sha-256', true],
  [['SHA-256'], 'SHA-256-sess', true],
  [['SHA-256'], 'SHA-512-256', false],
  [['MD5', 'SHA-512-256'], 'SHA-512-256', true],
  [[], 'MD5', false],
] as const)('algorithms: %j answers %s: %p', (algorithms, name, answered) => {
  const acceptance = digest({ algorithms }).read(challenge(`realm="r", nonce="n", qop="auth", algorithm=${name}`));
  expect('strength' in acceptance).toBe(answered);
  if (!answered) expect(acceptance).toMatchObject({ reason: expect.stringContaining('not allowed by the options') });
});

test('SEC-28 a polluted prototype is not an option', () => {
  Object.defineProperty(Object.prototype, 'algorithms', { value: [], configurable: true });
  try {
    expect(digest().read(challenge('realm="r", nonce="n"'))).toHaveProperty('strength');
  } finally {
    delete (Object.prototype as Record<string, unknown>).algorithms;
  }
});

describe('RFC 7616 §3.3: domain', () => {
  test.each([
    ['absent', undefined, ['/']],
    ['empty', '', ['/']],
    ['blank', ' \t ', ['/']],
    ['a path', '/docs', ['/docs']],
    ['several', '/docs  /api/', ['/docs', '/api/']],
    ['a URL of the origin', 'https://h.example/docs', ['/docs']],
    ['a URL of the origin with its port written', 'https://h.example:443/docs', ['/docs']],
    ['the origin alone', 'https://h.example', ['/']],
    ['a relative path', 'sub/x', ['/a/sub/x']],
    ['dot segments', '/docs/../api', ['/api']],
    ['a query', '/docs?x', ['/docs']],
    ['another host', 'https://evil.example/', []],
    ['a subdomain', 'https://x.h.example/', []],
    ['another port', 'https://h.example:8443/', []],
    ['another URI scheme', 'http://h.example/', []],
    ['an authority without a URI scheme', '//evil.example/', []],
    ['no URI', 'https://[', []],
    ['another host beside a path', 'https://evil.example/ /docs', ['/docs']],
  ])('%s', (_, domain, prefixes) => {
    const params = { realm: 'r', nonce: 'n', ...(domain === undefined ? {} : { domain }) };
    expect(offerOf(scheme, { scheme: 'digest', params }).space('https://h.example/a/b')).toEqual(prefixes);
  });

  test('of thousands of URIs that a server names, 64 are read', () => {
    const domain = Array.from({ length: 4000 }, (_, index) => `/${index}`).join(' ');
    const prefixes = offerOf(scheme, { scheme: 'digest', params: { realm: 'r', nonce: 'n', domain } }).space(
      'https://h.example/',
    );
    expect(prefixes).toHaveLength(64);
    expect(prefixes[63]).toBe('/63');
  });
});

test.each([
  ['stale=true', 'stale'],
  ['stale=TRUE', 'stale'],
  ['stale="true"', 'stale'],
  ['stale=false', 'refused'],
  ['stale=1', 'refused'],
  ['stale=""', 'refused'],
  ['foo=bar', 'refused'],
])('a 401 with %s says %s', (field, kind) => {
  const answer = offerOf(scheme, challenge('realm="r", nonce="n"')).answer({ username: 'a', password: 'b' });
  expect(offerOf(scheme, challenge(`realm="r", nonce="n", ${field}`)).refusalOf(answer)).toEqual({ kind });
});

test.each([
  ['', 'refused'],
  [', stale=true', 'stale'],
])('a 401%s to the answer of another scheme says %s, and no other spelling is tried', (field, kind) => {
  const previous = offerOf(basic(), { scheme: 'basic', params: { realm: 'r' } }).answer({
    username: 'ä',
    password: 'b',
  });
  expect(offerOf(scheme, challenge(`realm="r", nonce="n"${field}`)).refusalOf(previous)).toEqual({ kind });
});

test('a token is not a password', () => {
  const answer = () => offerOf(scheme, challenge('realm="r", nonce="n"')).answer({ token: 'hunter2' });
  expect(answer).toThrow(expect.objectContaining({ code: 'ERR_AUTH_CREDENTIAL' }));
  expect(answer).not.toThrow(/hunter2/);
});
