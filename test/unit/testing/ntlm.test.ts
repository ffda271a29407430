/** The strict server asks for NTLM: what it takes, and that it takes nothing else. */

import { type ChallengeServer, challengeServer, type NtlmProtection } from '../../../src/testing/challenge-server.js';
import { md4 } from '../../../src/testing/ntlm-md4.js';
import { hand, Line } from '../../support/ntlm-hand.js';

const alice = { username: 'LAB\\alice', password: 'wonderland' };
const users = { alice: 'wonderland', jürgen: 'pä€ss' };

let server: ChallengeServer | undefined;
const lines: Line[] = [];

async function start(protection: Partial<NtlmProtection> = {}): Promise<void> {
  server = await challengeServer({ users, protect: { '/in': { scheme: 'ntlm', ...protection } } });
}

function connect(): Line {
  const line = new Line(`${server?.url}/in`);
  lines.push(line);
  return line;
}

afterEach(async () => {
  for (const line of lines.splice(0)) line.close();
  await server?.close();
  server = undefined;
});

/** Both messages on one connection, the last one as `change` leaves it. */
async function knock(credential = alice, change = (message: Buffer) => message) {
  const line = connect();
  const { first, last } = hand(line.url, credential);
  const asked = await line.say(await first());
  const message = Buffer.from((await last(asked.challenge)).slice('NTLM '.length), 'base64');
  return { line, said: await line.say(`NTLM ${change(message).toString('base64')}`) };
}

test('its MD4 is that of RFC 1320, and of OpenSSL around the length of a block', () => {
  expect(md4(Buffer.from('message digest')).toString('hex')).toBe('d9130a8164549fe818874806e1c7014b');
  expect(md4(Buffer.alloc(0)).toString('hex')).toBe('31d6cfe0d16ae931b73c59d7e0c089c0');
  expect(md4(Buffer.alloc(56, 'x')).toString('hex')).toBe('374d5f08103b7092c83b4626ebceffab');
  expect(md4(Buffer.alloc(119, 'x')).toString('hex')).toBe('b55ae15e41e55643b0c3daad5e05c905');
});

test.each([
  ['LAB\\alice', 'wonderland', 'alice'],
  ['lab\\ALICE', 'wonderland', 'alice'],
  ['alice', 'wonderland', 'alice'],
  ['jürgen', 'pä€ss', 'jürgen'],
])('%s is let in, and then the connection', async (username, password, user) => {
  await start();
  const { line, said } = await knock({ username, password });
  expect(said.status).toBe(200);
  expect(JSON.parse((await line.say()).body)).toMatchObject({ authenticated: true, user });
  expect((await connect().say()).status).toBe(401);
});

test.each([
  ['a wrong password', { ...alice, password: 'Wonderland' }],
  ['a user that it does not know', { ...alice, username: 'LAB\\bob' }],
  ['a domain that it does not know', { ...alice, username: 'BAL\\alice' }],
])('%s is refused with a bare NTLM, and the connection stays as it was', async (_, credential) => {
  await start();
  const { line, said } = await knock(credential);
  expect([said.status, said.challenge?.token68]).toEqual([401, undefined]);
  expect((await line.say()).status).toBe(401);
});

test('no bit of the last message can be changed', async () => {
  await start();
  const { said } = await knock();
  const length = Buffer.from((server?.requests.at(-1)?.authorization ?? '').slice(5), 'base64').length;
  expect([said.status, length > 200]).toEqual([200, true]);
  for (let at = 0; at < length; at += 1) {
    const changed = await knock(alice, (message) => {
      message.writeUInt8(message.readUInt8(at) ^ (1 << (at % 8)), at);
      return message;
    });
    expect([at, changed.said.status === 400 || changed.said.status === 401]).toEqual([at, true]);
    for (const line of lines.splice(0)) line.close();
  }
});

test('the last message is good on the connection of its handshake alone, and once', async () => {
  await start();
  const [one, other] = [connect(), connect()];
  const { first, last } = hand(one.url, alice);
  const asked = await one.say(await first());
  const message = await last(asked.challenge);
  expect((await other.say(message)).status).toBe(400);
  expect((await one.say(message)).status).toBe(200);
  expect((await one.say(message)).status).toBe(400);
});

test('a message that begins a handshake ends what the connection was authorized for', async () => {
  await start();
  const { line } = await knock();
  await line.say(await hand(line.url, alice).first());
  expect((await line.say()).status).toBe(401);
});

test.each([
  ['nothing of NTLM', Buffer.from('hello, world')],
  ['a message of a server', Buffer.from('4e544c4d5353500002000000', 'hex')],
  ['a first message in OEM text', Buffer.from('4e544c4d535350000100000002820800'.padEnd(80, '0'), 'hex')],
])('%s breaks the rules', async (_, message) => {
  await start();
  expect((await connect().say(`NTLM ${message.toString('base64')}`)).status).toBe(400);
});

test.each<[string, Partial<NtlmProtection>]>([
  ['has no extended session security', { extendedSecurity: false }],
  ['has no target info', { targetInfo: false }],
])('a server that %s is one that our side does not go on with', async (_, protection) => {
  await start(protection);
  await expect(knock()).rejects.toThrow(/does not go on|not answerable/);
});

test('a server without a clock is answered with one', async () => {
  await start({ timestamp: false });
  expect((await knock()).said.status).toBe(200);
});
