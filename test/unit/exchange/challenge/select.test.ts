/** Which challenge of a response is answered, and what is said of the others (RFC 7616 §3.7, RFC 9110 §11.6.1). */

import { read, refusalIn, select } from '../../../../src/exchange/challenge/select.js';
import type { Answer, Challenge, Scheme } from '../../../../src/model.js';

/** A scheme whose challenges say themselves how strong they are, or why they cannot be answered. */
function scheme(name: string, credential: Scheme['credential'], changes: Partial<Scheme> = {}): Scheme {
  return {
    name,
    credential,
    clearText: false,
    read: ({ params: { label = name, strength = '1', reason, nonce } }) => {
      if (reason !== undefined) return { label, reason, nonce };
      const [space, answer] = [() => ['/'], () => unused];
      return { label, strength: Number(strength), nonce, space, answer, refusalOf: () => ({ kind: 'stale' }) };
    },
    ...changes,
  };
}

const unused: Answer = { needsBody: false, authorize: () => ({ value: '' }) };
const SCHEMES = [scheme('digest', 'password'), scheme('basic', 'password'), scheme('bearer', 'token')];
const challenge = (name: string, params: Record<string, string> = {}): Challenge => ({ scheme: name, params });

const STRONG = { strength: 50 };
const REFUSED = { kind: 'refused' } as const;
const SHA256 = challenge('digest', { label: 'Digest SHA-256', strength: '60' });
const MD5 = challenge('digest', { label: 'Digest MD5', strength: '40' });
const SHA1 = challenge('digest', { label: 'Digest SHA-1', reason: 'its algorithm is unknown' });
const BEARER = challenge('bearer', { label: 'Bearer', strength: '20' });
const BASIC = challenge('basic', { label: 'Basic', strength: '10' });
const STRANGE = challenge('hoba');

test.each<[string, Challenge[], string[], string[]]>([
  [
    'the strongest, wherever it stands',
    [BASIC, MD5, SHA256],
    ['Digest SHA-256'],
    ['Basic: weaker', 'Digest MD5: weaker'],
  ],
  ['one of each kind of credential', [BASIC, BEARER, MD5], ['Digest MD5', 'Bearer'], ['Basic: weaker']],
  ['of two alike, the first', [MD5, MD5], ['Digest MD5'], ['Digest MD5: the same again']],
  ['none that its scheme cannot answer', [SHA1, BASIC], ['Basic'], ['Digest SHA-1: its algorithm is unknown']],
  ['none without a scheme', [STRANGE], [], ['Hoba: no scheme of this client answers it']],
  ['none of nothing', [], [], []],
])('what is answered: %s', (_, challenges, chosen, passedOver) => {
  const selection = select(read(challenges, SCHEMES));
  expect(selection.choices.map(({ label }) => label)).toEqual(chosen);
  expect(selection.passedOver.map(({ label, reason }) => `${label}: ${reason}`)).toEqual(passedOver);
});

test.each<[string, string | undefined, string[], string[]]>([
  ['an origin that it names', 'https://intranet.example', ['Inner'], ['Basic: weaker']],
  [
    'an origin that it does not name',
    'https://intranet.example:8443',
    ['Basic'],
    ['Inner: `origins` of the scheme does not name https://intranet.example:8443'],
  ],
  ['nobody knows whom', undefined, ['Basic'], ['Inner: `origins` of the scheme does not name undefined']],
])('a scheme with origins answers those alone: %s', (_, origin, chosen, passedOver) => {
  const inner = scheme('inner', 'password', {
    origins: ['https://intranet.example'],
    read: () => ({ ...STRONG, label: 'Inner', space: () => ['/'], answer: () => unused, refusalOf: () => REFUSED }),
  });
  const selection = select(read([BASIC, challenge('inner')], [...SCHEMES, inner], { origin }));
  expect(selection.choices.map(({ label }) => label)).toEqual(chosen);
  expect(selection.passedOver.map(({ label, reason }) => `${label}: ${reason}`)).toEqual(passedOver);
});

test('of two alike, the nonce of the first is answered', () => {
  const twice = ['n1', 'n2'].map((nonce) => challenge('digest', { nonce }));
  expect(select(read(twice, SCHEMES)).choices.map(({ nonce }) => nonce)).toEqual(['n1']);
});

test('the labels stand in the order of the field', () => {
  expect(select(read([BASIC, SHA1, SHA256], SCHEMES)).labels).toEqual(['Basic', 'Digest SHA-1', 'Digest SHA-256']);
});

test('a name as long as a header is shortened', () => {
  const { labels } = select(read([challenge('x'.repeat(1000))], SCHEMES));
  expect(labels).toEqual([`X${'x'.repeat(30)}…`]);
});

test('each challenge is read once', () => {
  const heard: Challenge[] = [];
  const [digest] = SCHEMES as [Scheme];
  const listening: Scheme['read'] = (one) => {
    heard.push(one);
    return digest.read(one);
  };
  select(read([MD5, SHA256], [{ ...digest, read: listening }]));
  expect(heard).toEqual([MD5, SHA256]);
});

test('a challenge that cannot be answered still says what is wrong with an earlier answer, if its scheme reads that', () => {
  const stale = { label: 'Digest', reason: 'no qop is known', refusalOf: () => ({ kind: 'stale' as const }) };
  const speaking = scheme('digest', 'password', { read: () => stale });
  const [spoken] = read([challenge('digest')], [speaking]);
  const [silent] = read([SHA1], SCHEMES);
  expect(spoken && refusalIn(spoken, unused)).toEqual({ kind: 'stale' });
  expect(silent && refusalIn(silent, unused)).toBeUndefined();
});
