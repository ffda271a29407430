import * as protocol from '../../src/protocol.js';
import { digestByHand, readAuthorization } from '../vectors/by-hand.js';
import { rfc } from '../vectors/rfc-examples.js';

const { inProtectionSpace } = protocol;

test('the public names', () => {
  expect(Object.keys(protocol).sort()).toEqual([
    'AuthError',
    'basicAuthorization',
    'digestAuthorization',
    'formatChallenges',
    'inProtectionSpace',
    'parseAuthenticationInfo',
    'parseChallenges',
    'verifyAuthenticationInfo',
  ]);
});

test("a 401 is answered, and the server's proof checked, with these functions alone", () => {
  const field = 'Basic realm="files", Digest realm="files", nonce="n", qop="auth", algorithm=SHA-256';
  const challenge = protocol.parseChallenges(field).find(({ scheme }) => scheme === 'digest')!;
  const alice = { username: 'alice', password: 'wonderland' };
  const request = { challenge, ...alice, uri: '/docs/', cnonce: 'c', nc: 1 };
  const hand = { ...alice, ...request, realm: 'files', nonce: 'n', algorithm: 'SHA-256', qop: 'auth' };
  const value = protocol.digestAuthorization({ ...request, method: 'GET' });
  expect(readAuthorization(value).params.response).toBe(digestByHand({ ...hand, nc: '00000001', method: 'GET' }));
  const header = `rspauth="${digestByHand({ ...hand, nc: '00000001', method: '' })}", nextnonce="n2"`;
  expect(protocol.parseAuthenticationInfo(header).nextnonce).toBe('n2');
  expect(protocol.verifyAuthenticationInfo({ ...request, header, qop: 'auth' })).toBe(true);
});

describe('inProtectionSpace', () => {
  test.each(rfc.protectionSpace)(
    '$source: $candidateUrl',
    ({ scheme, challengeUrl, realm, candidateUrl, expect: { send } }) => {
      expect(inProtectionSpace({ scheme, challengeUrl, realm, url: candidateUrl })).toBe(send);
    },
  );

  type Row = [what: string, challengeUrl: string, url: string, covered: boolean];
  const rows = (scheme: string, list: Row[]) => {
    test.each(list)(`${scheme}: %s`, (_, challengeUrl, url, covered) => {
      expect(inProtectionSpace({ scheme, challengeUrl, realm: 'r', url })).toBe(covered);
    });
  };

  rows('basic', [
    ['the same URL', 'https://h.example/docs/a', 'https://h.example/docs/a', true],
    ['deeper', 'https://h.example/docs/a', 'https://h.example/docs/b/c', true],
    ['the parent', 'https://h.example/docs/a', 'https://h.example/', false],
    ['the directory without its slash', 'https://h.example/docs/a', 'https://h.example/docs', false],
    ['a sibling with the same beginning', 'https://h.example/docs/a', 'https://h.example/docs2/a', false],
    ['the root covers all', 'https://h.example/a', 'https://h.example/b/c', true],
    ['out by dot segments', 'https://h.example/docs/a', 'https://h.example/docs/../b', false],
    ['out by encoded dot segments', 'https://h.example/docs/a', 'https://h.example/docs/%2e%2e/b', false],
    ['another case of the path', 'https://h.example/docs/a', 'https://h.example/DOCS/a', false],
  ]);

  for (const scheme of ['basic', 'digest', 'bearer']) {
    rows(scheme, [
      ['the origin in another case, its port written', 'https://h.example/', 'HTTPS://H.EXAMPLE:443/a', true],
      ['userinfo, query and fragment mean nothing', 'https://u:p@h.example/?a#b', 'https://h.example/c?d#e', true],
      ['another port', 'https://h.example/', 'https://h.example:8443/', false],
      ['another URI scheme', 'https://h.example/', 'http://h.example/', false],
      ['a subdomain', 'https://h.example/', 'https://x.h.example/', false],
      ['a host that begins the same', 'https://h.example/', 'https://h.example.evil.example/', false],
      ['the host as userinfo', 'https://h.example/', 'https://h.example@evil.example/', false],
      ['no absolute URL', 'https://h.example/', '/a', false],
      ['no absolute URL challenged', '/a', 'https://h.example/a', false],
      ['files, which have an opaque origin', 'file:///a/b', 'file:///a/b', false],
      ['an unknown URI scheme, which has one too', 'foo://a/b', 'foo://c/b', false],
    ]);
  }

  test.each<[domain: string | undefined, path: string, covered: boolean]>([
    [undefined, '/x', true],
    ['', '/x', true],
    ['/', '/x', true],
    ['/docs', '/docs', true],
    ['/docs', '/docs/', true],
    ['/docs', '/docs/a?b', true],
    ['/docs', '/docs2', false],
    ['/docs', '/docs.html', false],
    ['/docs', '/', false],
    ['/docs/', '/docs/a', true],
    ['/docs/', '/docs', false],
    ['/docs /api', '/api/v1', true],
    ['https://h.example/docs', '/docs/a', true],
    ['https://evil.example/', '/docs/a', false],
    ['https://evil.example/ /docs', '/docs/a', true],
    ['https://evil.example/docs', 'https://evil.example/docs', false],
    ['//evil.example/docs', 'https://evil.example/docs', false],
  ])('digest with domain %j covers %s: %p', (domain, path, covered) => {
    const challengeUrl = 'https://h.example/start';
    const url = new URL(path, challengeUrl).href;
    expect(inProtectionSpace({ scheme: 'Digest', challengeUrl, realm: 'r', domain, url })).toBe(covered);
  });

  test('domain has no meaning for other schemes', () => {
    const input = {
      challengeUrl: 'https://h.example/docs/a',
      realm: 'r',
      domain: '/api',
      url: 'https://h.example/api',
    };
    expect(inProtectionSpace({ scheme: 'basic', ...input })).toBe(false);
    expect(inProtectionSpace({ scheme: 'bearer', ...input })).toBe(true);
  });

  test.each(['', 'negotiate', '__proto__'])('the scheme %j is unknown', (scheme) => {
    const url = 'https://h.example/';
    expect(inProtectionSpace({ scheme, challengeUrl: url, realm: 'r', url })).toBe(false);
  });
});
