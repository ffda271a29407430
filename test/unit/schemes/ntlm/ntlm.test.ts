/** The scheme: which origins it answers, what its messages hold, and what it does not go on with. */

import { inspect } from 'node:util';
import type { Answer, Challenge, PasswordCredential, Refusal } from '../../../../src/model.js';
import { ntlm } from '../../../../src/ntlm.js';
import { offerOf } from '../../../support/offer.js';
import { av, BASE, serverMessage, utf16 } from './server.js';

const ORIGIN = 'https://files.example:8443';
const scheme = ntlm({ origins: [ORIGIN] });
const alice: PasswordCredential = { username: 'LAB\\alice', password: 's3cret-p4ss' };
const BINDING = Buffer.concat([Buffer.from('tls-server-end-point:'), Buffer.alloc(32, 0xea)]);
const request = { method: 'GET', uri: '/', origin: ORIGIN, binding: BINDING };

const bare: Challenge = { scheme: 'ntlm', params: {} };
const challengeOf = (message: Buffer): Challenge => ({ ...bare, token68: message.toString('base64') });

const open = (credential = alice): Answer => offerOf(scheme, bare).answer(credential);

async function bytesOf(answer: Answer, to = request): Promise<Buffer> {
  const { value } = await answer.authorize(to);
  return Buffer.from(value.replace(/^NTLM /, ''), 'base64');
}

function saidTo(previous: Answer, message?: Buffer): Refusal {
  const read = scheme.read(message ? challengeOf(message) : bare);
  return read.refusalOf?.(previous) as Refusal;
}

function proofOf(message = serverMessage(), credential = alice): Answer {
  const refusal = saidTo(open(credential), message);
  if (refusal.kind !== 'continue') throw new Error(refusal.kind);
  return refusal.answer;
}

/** One field of the last message. */
function fieldOf(message: Buffer, at: number): Buffer {
  const offset = message.readUInt32LE(at + 4);
  return message.subarray(offset, offset + message.readUInt16LE(at));
}

function valuesOf(message: Buffer): Map<number, Buffer> {
  const values = new Map<number, Buffer>();
  const info = fieldOf(message, 20).subarray(16 + 28);
  for (let at = 0; info.readUInt16LE(at) !== 0; at += 4 + info.readUInt16LE(at + 2))
    values.set(info.readUInt16LE(at), info.subarray(at + 4, at + 4 + info.readUInt16LE(at + 2)));
  return values;
}

describe('origins', () => {
  test.each([
    ['none', { origins: [] }],
    ['no list', { origins: 'https://files.example' }],
    ['a pattern', { origins: ['https://*.example'] }],
    ['a star', { origins: ['*'] }],
    ['a path', { origins: ['https://files.example/docs'] }],
    ['a query', { origins: ['https://files.example?x'] }],
    ['a user', { origins: ['https://alice@files.example'] }],
    ['a host alone', { origins: ['files.example'] }],
    ['another protocol', { origins: ['ftp://files.example'] }],
    ['a good one and a bad one', { origins: ['https://files.example', 'intranet'] }],
    ['no text', { origins: [1] }],
    ['no options', undefined],
    ['no origins', {}],
    ['an option that is not there', { origins: ['https://files.example'], origin: 'x' }],
  ])('%s: ERR_AUTH_OPTION', (_, options) => {
    const make = () => ntlm(options as unknown as { origins: string[] });
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_AUTH_OPTION' }));
  });

  test('are written as a URL has them', () => {
    const { origins } = ntlm({ origins: ['HTTPS://Files.Example:443/', 'http://127.0.0.1:8080', 'http://[::1]'] });
    expect(origins).toEqual(['https://files.example', 'http://127.0.0.1:8080', 'http://[::1]']);
  });
});

describe('the first message', () => {
  test('has 40 bytes, with a version, and says nothing of the client', async () => {
    const message = await bytesOf(open());
    expect(message.toString('hex')).toBe(`4e544c4d5353500001000000058288a2${'00'.repeat(16)}0a0000000000000f`);
  });

  test('goes without the body, which waits for the last one', () => {
    expect(open()).toMatchObject({ isPartial: true, needsBody: false });
    expect(proofOf().isPartial).toBeUndefined();
  });
});

describe('the last message', () => {
  test('has no LM response, no workstation and no session key, and says who it is', async () => {
    const message = await bytesOf(proofOf());
    expect(fieldOf(message, 12)).toEqual(Buffer.alloc(24));
    expect([fieldOf(message, 28), fieldOf(message, 36)]).toEqual([utf16('LAB'), utf16('alice')]);
    expect([message.readUInt16LE(44), message.readUInt16LE(52)]).toEqual([0, 0]);
  });

  test.each([
    ['LAB\\alice', 'LAB', 'alice'],
    ['alice@lab.example', '', 'alice@lab.example'],
    ['alice', '', 'alice'],
    ['LAB\\odd\\name', 'LAB', 'odd\\name'],
    ['\\alice', '', 'alice'],
  ])('%s is of the domain "%s" and the user "%s"', async (username, domain, user) => {
    const message = await bytesOf(proofOf(undefined, { ...alice, username }));
    expect([fieldOf(message, 28), fieldOf(message, 36)]).toEqual([utf16(domain), utf16(user)]);
  });

  test('has the time of the server, and a MIC that the target info speaks of', async () => {
    const message = await bytesOf(proofOf());
    expect(fieldOf(message, 20).subarray(16, 32).toString('hex')).toBe('01010000000000000102030405060708');
    expect(valuesOf(message).get(6)).toEqual(Buffer.from([2, 0, 0, 0]));
    expect(message.subarray(72, 88)).not.toEqual(Buffer.alloc(16));
  });

  test('keeps the flags and the values of the target info, but not those that are the client’s', async () => {
    const pairs = [
      av(2, utf16('LAB')),
      av(6, Buffer.from([4, 0, 0, 0])),
      av(9, utf16('HTTP/evil')),
      av(10, Buffer.alloc(16, 7)),
      av(77, utf16('x')),
      av(0),
    ];
    const values = valuesOf(await bytesOf(proofOf(serverMessage({ pairs }))));
    expect(values.get(6)).toEqual(Buffer.from([6, 0, 0, 0]));
    expect(values.get(9)).toEqual(utf16('HTTP/files.example'));
    expect(values.get(10)?.toString('hex')).toBe('eec0bb6b04debbe4635225a708910457');
    expect([values.get(2), values.get(77)]).toEqual([utf16('LAB'), utf16('x')]);
  });

  test('a server without a clock, or with a broken one, gets the time of the client', async () => {
    for (const pairs of [[av(0)], [av(7, Buffer.alloc(4)), av(0)]]) {
      const message = await bytesOf(proofOf(serverMessage({ pairs })));
      const time = fieldOf(message, 20).readBigUInt64LE(24) / 10_000n - 11_644_473_600_000n;
      expect(Math.abs(Number(time) - Date.now())).toBeLessThan(60_000);
    }
  });

  test('asks for nothing that the server does not have, and for no key', async () => {
    const flags = async (given: number) => (await bytesOf(proofOf(serverMessage({ flags: given })))).readUInt32LE(60);
    // A server that has everything: OEM, LM key, key exchange, sealing, and what nobody knows.
    expect(await flags(0xffffffff)).toBe(0xa2888205);
    expect(await flags(BASE & ~0x20000000)).toBe(0x82888205);
  });

  test('has a challenge of its own each time', async () => {
    const proof = proofOf();
    const challenges = [await bytesOf(proof), await bytesOf(proof)].map((one) =>
      fieldOf(one, 20).toString('hex', 32, 40),
    );
    expect(challenges[0]).not.toBe(challenges[1]);
  });

  test('over TLS it is sent with a channel binding, or not at all', () => {
    const proof = proofOf();
    expect(proof.obstacle?.(request)).toBeUndefined();
    const unbound = { ...request, binding: undefined };
    expect(proof.obstacle?.(unbound)).toMatch(/bound to the certificate/);
    expect(() => proof.authorize(unbound)).toThrow(expect.objectContaining({ code: 'ERR_AUTH_CHALLENGE' }));
    expect(() => proof.authorize({ method: 'GET', uri: '/' })).toThrow(/where its message goes/);
  });

  test('without TLS its channel bindings are zeros', async () => {
    const values = valuesOf(
      await bytesOf(proofOf(), { ...request, origin: 'http://localhost', binding: undefined as never }),
    );
    expect(values.get(10)).toEqual(Buffer.alloc(16));
    expect(values.get(9)).toEqual(utf16('HTTP/localhost'));
  });
});

describe('what the server says', () => {
  test.each([
    ['nothing to the first message', () => saidTo(open()), 'final'],
    ['nothing to the last one', () => saidTo(proofOf()), 'refused'],
    ['a message to the last one', () => saidTo(proofOf(), serverMessage()), 'refused'],
    ['a broken message to the last one', () => saidTo(proofOf(), Buffer.alloc(60)), 'refused'],
    ['a message to the first one', () => saidTo(open(), serverMessage()), 'continue'],
    ['a message of an old server', () => saidTo(open(), serverMessage({ flags: BASE & ~0x80000 })), 'final'],
  ] as const)('%s', (_, said, kind) => {
    expect(said().kind).toBe(kind);
  });

  test('a message that nobody asked for begins a handshake', async () => {
    const answer = offerOf(scheme, challengeOf(serverMessage())).answer(alice);
    expect((await bytesOf(answer)).readUInt32LE(8)).toBe(1);
  });
});

test.each([
  ['a user name without a user', { ...alice, username: 'LAB\\' }],
  ['an empty user name', { ...alice, username: '' }],
  ['a control character', { ...alice, username: 'al\nice' }],
  ['a user name of 2 KiB', { ...alice, username: 'a'.repeat(2000) }],
  ['a lone surrogate', { ...alice, password: '\ud800' }],
])('%s: ERR_AUTH_CREDENTIAL, without the password', (_, credential) => {
  const thrown = (() => {
    try {
      return open(credential);
    } catch (error) {
      return error;
    }
  })();
  expect(thrown).toMatchObject({ code: 'ERR_AUTH_CREDENTIAL' });
  expect(String(thrown)).not.toContain('s3cret');
});

test('SEC-28 what sits on Object.prototype is neither a message nor a binding', () => {
  const polluted = Object.prototype as unknown as Record<string, unknown>;
  try {
    polluted.token68 = serverMessage().toString('base64');
    polluted.binding = BINDING;
    expect(saidTo(open()).kind).toBe('final');
    const proof = proofOf();
    expect(() => proof.authorize({ method: 'GET', uri: '/', origin: ORIGIN })).toThrow(/bound to the certificate/);
  } finally {
    delete polluted.token68;
    delete polluted.binding;
  }
});

test('no message shows the password when it is inspected', async () => {
  for (const answer of [open(), proofOf()]) {
    await bytesOf(answer);
    expect(inspect(answer, { depth: 10, showHidden: true })).not.toContain('s3cret');
  }
});

test('names in another normal form are the same', async () => {
  const names = await Promise.all(
    ['jürgen', 'ju\u0308rgen'].map(async (username) =>
      fieldOf(await bytesOf(proofOf(undefined, { ...alice, username })), 36),
    ),
  );
  expect(names[0]).toEqual(names[1]);
});
