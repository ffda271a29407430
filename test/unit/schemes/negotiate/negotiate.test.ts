/** The scheme with a package in place of kerberos: its options, what the package is asked for, and what it may say. */

import { inspect } from 'node:util';
import { jest } from '@jest/globals';
import type { Answer, Challenge, CredentialRequest, Refusal, Scheme } from '../../../../src/model.js';
import { negotiate } from '../../../../src/negotiate.js';
import { type NegotiateOptions, negotiateWith } from '../../../../src/schemes/negotiate/negotiate.js';
import { type FakeKerberos, fakeKerberos } from '../../../support/fake-kerberos.js';
import { offerOf } from '../../../support/offer.js';

const ORIGIN = 'https://Files.example:8443';
const bare: Challenge = { scheme: 'negotiate', params: {} };
const credential = { username: 'the ticket of this machine' } as never;

function stage(options: Partial<NegotiateOptions> = {}): { scheme: Scheme; fake: FakeKerberos } {
  const fake = fakeKerberos();
  return { scheme: negotiateWith({ origins: [ORIGIN.toLowerCase()], ...options }, fake.load), fake };
}

const request = (origin = ORIGIN.toLowerCase()) => ({ method: 'GET', uri: '/', origin });
const open = (scheme: Scheme): Answer => offerOf(scheme, bare).answer(credential);
const saidTo = (scheme: Scheme, previous: Answer, token68?: string): Refusal =>
  offerOf(scheme, token68 === undefined ? bare : { ...bare, token68 }).refusalOf(previous);
const decoded = (value: string) => Buffer.from(value.replace(/^Negotiate /, ''), 'base64').toString('latin1');
const base64 = (text: string) => Buffer.from(text, 'latin1').toString('base64');
const asked = (origin = ORIGIN.toLowerCase()): CredentialRequest => ({
  origin,
  realm: '',
  scheme: 'negotiate',
  proxy: false,
  url: origin,
  refused: 0,
});

describe('options', () => {
  test.each([
    ['no origin', { origins: [] }],
    ['a pattern', { origins: ['https://*.example'] }],
    ['a host alone', { origins: ['files.example'] }],
    ['an empty principal', { origins: [ORIGIN.toLowerCase()], principal: ' ' }],
    ['a principal that is no text', { origins: [ORIGIN.toLowerCase()], principal: 7 }],
    ['delegation that is no boolean', { origins: [ORIGIN.toLowerCase()], delegate: 'yes' }],
    ['delegation to http', { origins: [ORIGIN.toLowerCase(), 'http://localhost'], delegate: true }],
    ['a password', { origins: [ORIGIN.toLowerCase()], password: 'x' }],
  ])('%s is refused', (_, options) => {
    expect(() => negotiate(options as never)).toThrow(expect.objectContaining({ code: 'ERR_AUTH_OPTION' }));
  });

  test('nothing is loaded before a handshake begins', async () => {
    const { scheme, fake } = stage();
    offerOf(scheme, bare).answer(credential);
    expect(fake.loads).toBe(0);
    await scheme.provider?.get(asked());
    expect(fake.loads).toBe(1);
  });
});

describe('what the package is asked for', () => {
  test('SPNEGO for the host as it is written, mutual authentication, and no delegation', async () => {
    const { scheme, fake } = stage();
    await open(scheme).authorize(request());
    expect(fake.asked).toEqual([{ service: 'HTTP@files.example', options: { mechOID: 6, flags: 2 | 8 } }]);
  });

  test('delegation and the principal where they are asked for, and no password ever', async () => {
    const { scheme, fake } = stage({ delegate: true, principal: 'alice@LAB.TEST' });
    await open(scheme).authorize(request());
    expect(fake.asked[0]?.options).toEqual({ mechOID: 6, flags: 1 | 2 | 8, principal: 'alice@LAB.TEST' });
  });

  test.each([
    ['https://[::1]:8443', 'HTTP@::1'],
    ['https://xn--bcher-kva.example', 'HTTP@xn--bcher-kva.example'],
    ['no origin', 'HTTP@'],
  ])('%s is the service %s', async (origin, service) => {
    const { scheme, fake } = stage();
    await open(scheme).authorize(request(origin));
    expect(fake.asked[0]?.service).toBe(service);
  });

  test('on Windows the service is written with a slash', async () => {
    const { scheme, fake } = stage();
    const platform = Object.getOwnPropertyDescriptor(process, 'platform') as PropertyDescriptor;
    Object.defineProperty(process, 'platform', { ...platform, value: 'win32' });
    try {
      await open(scheme).authorize(request());
    } finally {
      Object.defineProperty(process, 'platform', platform);
    }
    expect(fake.asked[0]?.service).toBe('HTTP/files.example');
  });
});

describe('the account', () => {
  test.each([
    [{}, 'the ticket of this machine'],
    [{ principal: 'alice@LAB.TEST' }, 'alice@LAB.TEST'],
  ])('%j: %s', async (options, username) => {
    expect(await stage(options).scheme.provider?.get(asked())).toEqual({ username });
  });
});

describe('tokens', () => {
  test('what shows that there is a ticket is the first of them', async () => {
    const { scheme, fake } = stage();
    await scheme.provider?.get(asked());
    expect(await open(scheme).prepare?.(request())).toBeUndefined();
    expect(fake.asked).toHaveLength(1);
    await open(scheme).prepare?.(request());
    expect(fake.asked).toHaveLength(2);
  });

  test.each([
    ['another origin', 'https://other.example', 0],
    ['a handshake that begins later', ORIGIN.toLowerCase(), 1000],
  ])('but not for %s', async (_, origin, milliseconds) => {
    const { scheme, fake } = stage();
    await scheme.provider?.get(asked());
    const begun = performance.now();
    const now = jest.spyOn(performance, 'now').mockReturnValue(begun + milliseconds);
    await open(scheme).prepare?.(request(origin));
    now.mockRestore();
    expect(fake.asked).toHaveLength(2);
  });

  test('each has its own: what is prepared is given once', async () => {
    const { scheme } = stage();
    const answer = open(scheme);
    expect(await answer.prepare?.(request())).toBeUndefined();
    const [first, second] = [await answer.authorize(request()), await answer.authorize(request())];
    expect(decoded(first.value)).toMatch(/^token 1 /);
    expect(first.value).not.toBe(second.value);
  });

  test('nobody finds one by a look at the answer', async () => {
    const { scheme } = stage();
    const answer = open(scheme);
    await answer.prepare?.(request());
    const { value } = await answer.authorize(request());
    await answer.prepare?.(request());
    expect(inspect(answer, { depth: 9, showHidden: true })).not.toContain('Negotiate ');
    expect(inspect(answer, { depth: 9, showHidden: true })).not.toContain(value.slice(10));
    expect(JSON.stringify(answer)).not.toContain('Negotiate');
  });

  test('over TLS the record says that it is not bound to the certificate', async () => {
    const { scheme } = stage();
    expect((await open(scheme).authorize(request())).remark).toBe('kerberos cannot bind it to the certificate');
    expect((await open(scheme).authorize(request('http://localhost'))).remark).toBeUndefined();
  });
});

describe('what a server says', () => {
  async function opened(options: { ntlm?: boolean } = {}) {
    const { scheme, fake } = stage();
    fake.ntlm = options.ntlm === true;
    const answer = open(scheme);
    const authorization = await answer.authorize(request());
    const [, serial = ''] = /token 1 (\S+)/.exec(decoded(authorization.value)) ?? [];
    return { scheme, answer, authorization, serial };
  }

  test('a bare challenge, and the token that says no, refuse the ticket', async () => {
    const { scheme, answer } = await opened();
    expect(saidTo(scheme, answer)).toEqual({ kind: 'refused' });
    expect(saidTo(scheme, answer, Buffer.from('a1073005a0030a0102', 'hex').toString('base64'))).toEqual({
      kind: 'refused',
    });
  });

  test('a token to an answer of another scheme, or to one that was not sent, leads nowhere', async () => {
    const { scheme } = stage();
    expect(saidTo(scheme, { needsBody: false, authorize: () => ({ value: '' }) }, 'AAAA')).toEqual({ kind: 'refused' });
    expect(saidTo(scheme, open(scheme), 'AAAA')).toEqual({ kind: 'refused' });
  });

  test('four messages, and no fifth', async () => {
    const { scheme, answer, serial } = await opened();
    let last = answer;
    for (let i = 2; i <= 4; i += 1) {
      const refusal = saidTo(scheme, last, base64(`more ${serial}`));
      if (refusal.kind !== 'continue') throw new Error(refusal.kind);
      last = refusal.answer;
      expect(await last.prepare?.(request())).toBeUndefined();
    }
    expect(saidTo(scheme, last, base64(`more ${serial}`))).toMatchObject({ kind: 'final' });
  });

  test('its final token in a 401 is followed by nothing', async () => {
    const { scheme, answer, serial } = await opened();
    const refusal = saidTo(scheme, answer, base64(`final ${serial}`));
    if (refusal.kind !== 'continue') throw new Error(refusal.kind);
    expect(await refusal.answer.prepare?.(request())).toBe('there is no further token of Negotiate to send');
  });

  test('a package that gives nothing more ends the handshake', async () => {
    const client = { contextComplete: false, step: async (message: string) => (message === '' ? 'AAAA' : null) };
    const load = async () => ({ initializeClient: async () => client });
    const scheme = negotiateWith({ origins: [ORIGIN.toLowerCase()] }, load);
    const answer = open(scheme);
    await answer.prepare?.(request());
    const refusal = saidTo(scheme, answer, 'AAAA');
    if (refusal.kind !== 'continue') throw new Error(refusal.kind);
    expect(await refusal.answer.prepare?.(request())).toBe('there is no further token of Negotiate to send');
  });

  const proof = (token68?: string): Challenge[] => [
    { scheme: 'basic', params: {}, token68: 'AAAA' },
    token68 === undefined ? bare : { ...bare, token68 },
  ];

  test.each<[string, (serial: string) => string | undefined, boolean | undefined]>([
    ['the right token', (serial) => `final ${serial}`, true],
    ['a token of another handshake', () => 'final of another', false],
    ['a token that wants more', (serial) => `more ${serial}`, false],
    ['none', () => undefined, undefined],
  ])('%s as the proof', async (_, write, mutual) => {
    const { authorization, serial } = await opened();
    const text = write(serial);
    expect(await authorization.conclude?.(proof(text === undefined ? undefined : base64(text)))).toEqual({ mutual });
  });

  test('one that comes after the proof is not looked at', async () => {
    const { authorization, serial } = await opened();
    await authorization.conclude?.(proof(base64(`final ${serial}`)));
    expect(await authorization.conclude?.(proof(base64('more')))).toEqual({ mutual: undefined });
  });

  test('NTLM inside proves nothing, and its remark says so', async () => {
    const { authorization, serial } = await opened({ ntlm: true });
    expect(authorization.remark).toBe('NTLM inside, kerberos cannot bind it to the certificate');
    expect(await authorization.conclude?.(proof(base64(`final ${serial}`)))).toEqual({ mutual: undefined });
  });
});

test('NTLM inside does not go over http, beyond this machine', async () => {
  const { scheme, fake } = stage();
  fake.ntlm = true;
  await expect(scheme.provider?.get(asked('http://files.example'))).rejects.toMatchObject({
    code: 'ERR_AUTH_PROVIDER',
    message: expect.stringContaining('which is not sent over http'),
  });
  expect(await open(scheme).prepare?.(request('http://files.example'))).toContain('only NTLM');
  expect(await open(scheme).prepare?.({ method: 'GET', uri: '/' })).toContain('only NTLM');
  expect(await open(scheme).prepare?.(request('http://127.0.0.1:8080'))).toBeUndefined();
});

describe('the package', () => {
  const failing = (error: unknown) => async () => {
    throw error;
  };
  const coded = (message: string, code: string) => Object.assign(new Error(message), { code });

  test.each<[string, unknown, string]>([
    ['absent', coded("Cannot find package 'kerberos' imported from x", 'ERR_MODULE_NOT_FOUND'), 'npm install kerberos'],
    ['absent for require', coded("Cannot find module 'kerberos'", 'MODULE_NOT_FOUND'), 'npm install kerberos'],
    [
      'not built',
      coded("Cannot find module '../build/Debug/kerberos.node'", 'MODULE_NOT_FOUND'),
      'npm rebuild kerberos',
    ],
    ['built for another machine', coded('libgssapi_krb5.so.2: cannot open', 'ERR_DLOPEN_FAILED'), 'libkrb5-dev'],
    ['broken', new Error('it broke\nat once'), 'kerberos does not load: it broke'],
    ['broken without a word', {}, 'kerberos does not load: '],
  ])('%s: what to do', async (_, error, message) => {
    const scheme = negotiateWith({ origins: ['https://files.example'] }, failing(error));
    await expect(scheme.provider?.get(asked())).rejects.toMatchObject({
      code: 'ERR_AUTH_PROVIDER',
      message: expect.stringContaining(message),
    });
  });

  test('it may come without a default export', async () => {
    const { load } = fakeKerberos();
    const plain = async () => ((await load()) as { default: unknown }).default;
    const scheme = negotiateWith({ origins: ['https://files.example'] }, plain);
    expect(await open(scheme).prepare?.(request())).toBeUndefined();
  });

  // It is in no folder that this file can see.
  test('without another one it is looked for by its name', async () => {
    await expect(negotiate({ origins: ['https://files.example'] }).provider?.get(asked())).rejects.toMatchObject({
      message: expect.stringMatching(/^negotiate: kerberos (is not installed|does not load)/),
    });
  });

  test.each<[string, Partial<NegotiateOptions>, string]>([
    ['No Kerberos credentials available', {}, 'there is no Kerberos ticket: kinit gets one'],
    ["Can't find client principal", { principal: 'bob@LAB' }, 'there is no Kerberos ticket of bob@LAB: kinit bob@LAB'],
    ['Ticket expired', {}, 'has run out: kinit gets another'],
    ['Clock skew too great', {}, 'set the clock'],
    ['Server not found in Kerberos database', {}, 'Kerberos knows no service HTTP@files.example'],
    ['Cannot contact any KDC for realm', {}, 'no KDC can be reached'],
    ['GSS failure.  Minor code may provide more information: a  b', {}, 'no token for HTTP@files.example: a b'],
  ])('"%s"', async (trouble, options, message) => {
    const { scheme, fake } = stage(options);
    fake.trouble = trouble;
    await expect(scheme.provider?.get(asked())).rejects.toMatchObject({ message: expect.stringContaining(message) });
    expect(await open(scheme).prepare?.(request())).toContain(message);
  });

  test('what it throws need not be an error, and a token may be nothing', async () => {
    const library = { initializeClient: () => Promise.reject('no') };
    const scheme = negotiateWith({ origins: ['https://files.example'] }, async () => library);
    expect(await open(scheme).prepare?.(request())).toContain('Kerberos gives no token');
    const empty = { initializeClient: async () => ({ contextComplete: false, step: async () => null }) };
    const other = negotiateWith({ origins: ['https://files.example'] }, async () => empty);
    expect(await open(other).prepare?.(request())).toBe('there is no further token of Negotiate to send');
  });
});
