/** What every scheme promises. */

import { AuthError, basic, bearer, type Credential, digest, type Scheme } from '../../src/index.js';
import { ntlm } from '../../src/ntlm.js';
import { parseChallenges } from '../../src/protocol.js';
import { offerOf } from '../support/offer.js';

const password: Credential = { username: 'alice', password: 's3cret-p4ssword' };
const token: Credential = { token: 's3cret-t0ken' };

const SCHEMES: ReadonlyArray<readonly [Scheme, challenge: string]> = [
  [basic(), 'Basic realm="r"'],
  [bearer(), 'Bearer realm="r"'],
  [bearer({ scheme: 'Token' }), 'Token realm="r"'],
  [digest(), 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256'],
  [ntlm({ origins: ['http://localhost'] }), 'NTLM'],
];

describe.each(SCHEMES.map(([scheme, text]) => [scheme.name, scheme, text] as const))('%s', (name, scheme, text) => {
  const [challenge] = parseChallenges(text);
  if (!challenge) throw new Error('the challenge of this table is malformed');
  const right = scheme.credential === 'token' ? token : password;
  const wrong = scheme.credential === 'token' ? password : token;
  const request = { method: 'GET', uri: '/a?b' };

  test('is named as its auth-scheme, in lower case', () => {
    expect(name).toBe(challenge.scheme);
  });

  test('reads its challenge, with a strength and a label', () => {
    expect(scheme.read(challenge)).toMatchObject({
      strength: expect.any(Number),
      label: expect.stringMatching(/^\w/),
    });
  });

  test('never throws on a challenge without params', () => {
    const empty = parseChallenges(name)[0];
    expect(() => empty && scheme.read(empty)).not.toThrow();
  });

  test('answers as often as it is asked, with a field value that a header can carry', async () => {
    const answer = offerOf(scheme, challenge).answer(right);
    for (let i = 0; i < 3; i += 1) {
      const { value } = await answer.authorize(request);
      expect(value.toLowerCase().startsWith(`${name} `)).toBe(true);
      expect(value).toMatch(/^[\x20-\x7e]+$/);
    }
  });

  test('refuses a credential of the other kind, and does not show it', () => {
    let thrown: unknown;
    try {
      offerOf(scheme, challenge).answer(wrong);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(AuthError);
    expect(thrown).toMatchObject({ code: 'ERR_AUTH_CREDENTIAL' });
    expect(String(thrown)).not.toContain('s3cret');
  });

  test('covers the path that was challenged, from a "/"', () => {
    const prefixes = offerOf(scheme, challenge).space('https://files.example/docs/a?b');
    expect(prefixes.length).toBeGreaterThan(0);
    for (const prefix of prefixes) expect('/docs/a'.startsWith(prefix)).toBe(true);
  });

  test('calls an answer to the same challenge refused, unless nothing of the credential was in it yet', () => {
    const answer = offerOf(scheme, challenge).answer(right);
    expect(offerOf(scheme, challenge).refusalOf(answer).kind).toBe(answer.isPartial ? 'final' : 'refused');
  });

  test('shows no secret when it is inspected', async () => {
    const { inspect } = await import('node:util');
    const answer = offerOf(scheme, challenge).answer(right);
    await answer.authorize(request);
    expect(inspect(answer, { depth: 10, showHidden: true })).not.toContain('s3cret');
  });
});
