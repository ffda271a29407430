/** Samba judges our messages of NTLM: proof, MIC, names and passwords in every script. */

import type { Answer, Challenge } from '../../src/model.js';
import { ntlm } from '../../src/ntlm.js';
import { offerOf } from '../support/offer.js';
import { type NtlmAuth, ntlmAuth, type SambaAccount } from '../support/servers/ntlm-auth.js';
import { needs } from '../support/servers/process.js';

const ORIGIN = 'http://localhost';
const scheme = ntlm({ origins: [ORIGIN] });
const request = { method: 'GET', uri: '/', origin: ORIGIN };

const alice: SambaAccount = { domain: 'LAB', username: 'alice', password: 'wonder land' };

const challengeOf = (token68?: string): Challenge => ({
  scheme: 'ntlm',
  params: {},
  ...(token68 !== undefined && { token68 }),
});

async function messageIn(answer: Answer): Promise<string> {
  const { value } = await answer.authorize(request);
  expect(value.startsWith('NTLM ')).toBe(true);
  return value.slice('NTLM '.length);
}

/** Both messages, as the server of `judge` asks for them; `change` is what happens to the last on its way. */
async function shakeHands(
  judge: NtlmAuth,
  credential: { username: string; password: string },
  change = (message: Buffer) => message,
): Promise<string> {
  const opening = offerOf(scheme, challengeOf()).answer(credential);
  const asked = await judge.challenge(await messageIn(opening));
  const refusal = offerOf(scheme, challengeOf(asked)).refusalOf(opening);
  if (refusal.kind !== 'continue') throw new Error(`our side does not go on: ${JSON.stringify(refusal)}`);
  const last = Buffer.from(await messageIn(refusal.answer), 'base64');
  return judge.verdict(change(last).toString('base64'));
}

needs('ntlm_auth', 'winbind')('Samba', () => {
  async function judged<T>(account: SambaAccount, use: (judge: NtlmAuth) => Promise<T>): Promise<T> {
    const judge = await ntlmAuth(account);
    try {
      return await use(judge);
    } finally {
      await judge.close();
    }
  }

  test.each([
    ['a domain and a user', 'LAB\\alice'],
    ['the same in lower case', 'LAB\\ALICE'],
    ['a user alone', 'alice'],
  ])('the right password is accepted: %s', async (_, username) => {
    const verdict = await judged(alice, (judge) => shakeHands(judge, { username, password: alice.password }));
    expect(verdict).toMatch(/^AF (LAB)?\\alice$/i);
  });

  test.each([
    ['LAB', 'jürgen', 'pä€ss:wörd'],
    ['LAB', 'ольга', 'пароль'],
    ['LAB', 'strauß', '🔑 with an emoji'],
    ['ЛАБ', 'ольга', ''],
  ])('%s\\%s with the password "%s"', async (domain, username, password) => {
    const verdict = await judged({ domain, username, password }, (judge) =>
      shakeHands(judge, { username: `${domain}\\${username}`, password }),
    );
    expect(verdict).toMatch(/^AF /);
  });

  test.each([
    ['a wrong password', { username: 'LAB\\alice', password: 'wonderland' }],
    ['the password in another case', { username: 'LAB\\alice', password: 'Wonder Land' }],
  ])('%s is refused', async (_, credential) => {
    expect(await judged(alice, (judge) => shakeHands(judge, credential))).toMatch(/^NA NT_STATUS_/);
  });

  // The MIC covers all of the message, its own field apart.
  test.each([
    ['the first bit of the MIC', 72, 0x80],
    ['the last bit of the MIC', 87, 0x01],
    ['a flag of the message', 61, 0x01],
  ])('with %s flipped on the way it is refused', async (_, at, bit) => {
    const flip = (message: Buffer) => {
      message.writeUInt8(message.readUInt8(at) ^ bit, at);
      return message;
    };
    const credential = { username: 'LAB\\alice', password: alice.password };
    expect(await judged(alice, (judge) => shakeHands(judge, credential, flip))).toMatch(/^NA NT_STATUS_/);
  });

  test('the judge takes many handshakes, each with a challenge of its own', async () => {
    const credential = { username: 'LAB\\alice', password: alice.password };
    const wrong = { ...credential, password: 'no' };
    await judged(alice, async (judge) => {
      for (const one of [credential, wrong, credential, wrong, credential])
        expect(await shakeHands(judge, one)).toMatch(one === credential ? /^AF / : /^NA /);
    });
  });
});
