/** What a 401 asks for: the challenges that may be answered, or why there is none. */

import { choiceFor, type Demand, isFor, readDemand } from '../../../../src/exchange/answer/demand.js';
import type { Rules } from '../../../../src/exchange/challenge/rules.js';
import { read } from '../../../../src/exchange/challenge/select.js';
import type { Challenger } from '../../../../src/exchange/party/challenger.js';
import { Conversation } from '../../../../src/exchange/party/conversation.js';
import { Declined } from '../../../../src/exchange/party/ending.js';
import type { Wire } from '../../../../src/exchange/port/transport.js';
import { basic } from '../../../../src/schemes/basic.js';
import { bearer } from '../../../../src/schemes/bearer.js';
import { digest } from '../../../../src/schemes/digest/digest.js';
import { parseChallenges } from '../../../../src/syntax/challenge.js';
import { contextOf, pinningOf, replyOf, target, wireOf } from '../stage.js';

const BASIC = 'Basic realm="files"';
const DIGEST = 'Digest realm="files", nonce="n1", algorithm=SHA-256, qop="auth"';
const SCHEMES = [digest(), bearer(), basic(), { ...bearer(), name: 'ntlm', clearText: false, bindsConnection: true }];

interface Setting {
  readonly url?: string;
  readonly isExposed?: boolean;
  readonly party?: Partial<Challenger>;
  readonly rules?: Partial<Rules>;
  readonly wire?: Partial<Wire<number>>;
}

/** Reads the challenges of one 401 after another, in one memory; the last demand, and what was recorded of it. */
function demandOf(fields: ReadonlyArray<string | undefined>, { url = target.url, ...setting }: Setting = {}) {
  const place = { ...target, url, origin: new URL(url).origin };
  const wire = wireOf<number>(async () => replyOf(200, undefined, undefined), { target: place, ...setting.wire });
  const context = contextOf(wire, SCHEMES, []);
  const rules = { ...context.origin.rules, ...setting.rules };
  const conversation = new Conversation(context, { ...context.origin, rules, ...setting.party });
  const demands = fields.map((field) => {
    const reply = { ...replyOf(401, field, undefined), isExposed: setting.isExposed === true };
    return readDemand(conversation, place, reply, read(parseChallenges(field ?? []), SCHEMES));
  });
  const { events } = conversation.recorder.trace;
  return { demand: demands.at(-1) as Demand, events, spaces: conversation.spaces };
}

test('of each kind of credential the strongest challenge is asked for, and the record says what was passed over', () => {
  const { demand, events } = demandOf([`${BASIC}, Bearer realm="api", ${DIGEST}, Hoba realm="files"`]);
  expect(demand.choices.map(({ label }) => label)).toEqual(['Digest SHA-256', 'Bearer']);
  expect(events).toMatchObject([
    { type: 'challenged', realm: 'files', challenges: ['Basic', 'Bearer', 'Digest SHA-256', 'Hoba'] },
    { type: 'passedOver', challenge: 'Basic', reason: 'weaker' },
    { type: 'passedOver', challenge: 'Hoba', reason: 'no scheme of this client answers it' },
  ]);
});

test('the space is that of the challenge for a password, and learns which paths it covers', () => {
  const { demand, spaces } = demandOf([`Bearer realm="api", ${BASIC}`], { url: 'https://files.example/docs' });
  expect(demand.space.realm).toBe('files');
  expect(demand.space.prefixes).toEqual(['/']);
  expect(spaces.remembers('https://files.example')).toBe(true);
});

test.each<[string, ReadonlyArray<string | undefined>, Setting, string, string]>([
  ['no challenge', [undefined], {}, 'ERR_AUTH_CHALLENGE', 'it came without a challenge'],
  ['no word that can be read', ['Basic realm="files'], {}, 'ERR_AUTH_CHALLENGE', 'its challenge cannot be read'],
  ['an unknown scheme', ['Hoba'], {}, 'ERR_AUTH_CHALLENGE', 'none of its challenges can be answered'],
  [
    'a password in clear text',
    [BASIC],
    { url: 'http://files.example/docs' },
    'ERR_AUTH_INSECURE',
    'Basic would send the password in the clear to http://files.example',
  ],
  [
    'a token in sight of a proxy',
    ['Bearer'],
    { isExposed: true },
    'ERR_AUTH_INSECURE',
    'Bearer would send the token in the clear to a proxy for https://files.example (axios 1.16 or newer opens a tunnel)',
  ],
  [
    'less than before',
    [DIGEST, BASIC],
    {},
    'ERR_AUTH_DOWNGRADE',
    'Basic is weaker than Digest SHA-256, which this space offered before',
  ],
  [
    "what the caller's own credential was refused for",
    [BASIC],
    { party: { sentScheme: 'basic' } },
    'ERR_AUTH_REFUSED',
    'the credential that the caller gave was refused: of config.auth, of config.proxy.auth, or of the URL',
  ],
  [
    'a connection of its own',
    ['NTLM'],
    {},
    'ERR_AUTH_CHALLENGE',
    'Bearer needs a connection of its own, and this client cannot keep one',
  ],
  [
    'no proof',
    [BASIC],
    { rules: { mutual: 'require' } },
    'ERR_AUTH_MUTUAL',
    "Basic lets no server prove itself, and mutual: 'require' asks for it",
  ],
])("a 401 that asks for %s is the caller's", (_, fields, setting, code, reason) => {
  const ending = { status: 401, code, reason };
  expect(() => demandOf(fields, setting)).toThrow(expect.objectContaining({ ending }));
  expect(() => demandOf(fields, setting)).toThrow(Declined);
});

test('a client that can keep a connection is asked for an answer that needs one', () => {
  const { demand } = demandOf(['NTLM'], { wire: { pinning: pinningOf() } });
  expect(demand.choices.map(({ scheme }) => scheme.name)).toEqual(['ntlm']);
});

test('a challenge whose connection cannot be had is passed over for a weaker one that needs none', () => {
  const pinning = pinningOf({ obstacle: () => 'HTTP/2 shares one' });
  const { demand, events } = demandOf([`NTLM, Bearer realm="api"`], { wire: { pinning } });
  expect(demand.choices.map(({ label }) => label)).toEqual(['Bearer']);
  const reason = 'needs a connection of its own, and HTTP/2 shares one';
  expect(events).toContainEqual(expect.objectContaining({ type: 'passedOver', reason }));
});

test('the record says what allowInsecure permits', () => {
  const allowed = { url: 'http://files.example/docs', rules: { allowsInsecure: () => true } };
  const { demand, events } = demandOf([BASIC], allowed);
  expect(demand.choices).toHaveLength(1);
  expect(events.at(-1)).toMatchObject({ type: 'permitted', challenge: 'Basic', code: 'ERR_AUTH_INSECURE' });
});

test('a session answers the challenge of its scheme, and only as long as that asks for the same algorithm', () => {
  const [before, now] = ['SHA-256', 'MD5'].map((name) => demandOf([DIGEST.replace('SHA-256', name)]).demand);
  const { demand, space } = { demand: now as Demand, space: (before as Demand).space };
  const [choice] = (before as Demand).choices as [Demand['choices'][0]];
  const credential = { username: 'alice', password: 'wonderland' };
  const provider = { name: 'book', get: () => credential };
  const answer = choice.offer.answer(credential);
  const clock = { now: () => 0, date: () => 0 };
  const session = space.open({ credential, given: credential, provider, choice, answer }, clock);
  const weaker = choiceFor(demand, session);
  expect(weaker?.label).toBe('Digest MD5');
  expect([isFor(session, choice), weaker && isFor(session, weaker)]).toEqual([true, false]);
  expect(choiceFor(demandOf(['Bearer']).demand, session)).toBeUndefined();
});
