/** Each breach of the RFCs is answered 400, and said in one sentence. */

import { type ChallengeServer, challengeServer } from '../../../src/testing/challenge-server.js';
import { answer, ask, digest, prove } from './by-hand.js';

type Change = Record<string, string | undefined>;

describe('a digest answer', () => {
  let server: ChallengeServer;
  let challenge: string | undefined;

  beforeAll(async () => {
    const protect = { scheme: 'digest', algorithm: 'SHA-256', opaque: 'o"p', userhash: true } as const;
    server = await challengeServer({ users: { alice: 'wonderland', Jäsøn: 'x' }, protect: { '/': protect } });
    challenge = (await ask(server.url)).challenges[0];
  });
  afterAll(() => server.close());

  async function send(change: Change) {
    const reply = await ask(server.url, { headers: { authorization: digest({ ...answer(challenge), ...change }) } });
    return { status: reply.status, text: reply.text.trim(), violation: server.requests.at(-1)?.violation };
  }

  test('without a fault is accepted', async () => {
    expect(await send({})).toMatchObject({ status: 200 });
    expect(server.requests.at(-1)).not.toHaveProperty('violation');
  });

  const hex = 'a'.repeat(64);
  test.each<[string, Change, string]>([
    ['username unquoted', { username: 'alice' }, 'username has to be quoted'],
    ['realm unquoted', { realm: 'test' }, 'realm has to be quoted'],
    ['nonce unquoted', { nonce: 'abc' }, 'nonce has to be quoted'],
    ['uri unquoted', { uri: 'x' }, 'uri has to be quoted'],
    ['response unquoted', { response: hex }, 'response has to be quoted'],
    ['cnonce unquoted', { cnonce: 'c' }, 'cnonce has to be quoted'],
    ['opaque unquoted', { opaque: 'op' }, 'opaque has to be quoted'],
    ['algorithm quoted', { algorithm: '"SHA-256"' }, 'algorithm must not be quoted'],
    ['qop quoted', { qop: '"auth"' }, 'qop must not be quoted'],
    ['nc quoted', { nc: '"00000001"' }, 'nc must not be quoted'],
    ['userhash quoted', { userhash: '"false"' }, 'userhash must not be quoted'],
    ['username* quoted', { username: undefined, 'username*': `"UTF-8''x"` }, 'username* must not be quoted'],
    ['username missing', { username: undefined }, 'username is missing'],
    ['realm missing', { realm: undefined }, 'realm is missing'],
    ['nonce missing', { nonce: undefined }, 'nonce is missing'],
    ['uri missing', { uri: undefined }, 'uri is missing'],
    ['response missing', { response: undefined }, 'response is missing'],
    ['algorithm not echoed', { algorithm: undefined }, 'algorithm is not that of the challenge'],
    ['algorithm in another case', { algorithm: 'sha-256' }, 'algorithm is not that of the challenge'],
    ['realm changed', { realm: '"Test"' }, 'realm is not that of the challenge'],
    ['opaque not echoed', { opaque: undefined }, 'opaque is not that of the challenge'],
    ['opaque not unescaped', { opaque: '"o\\\\\\"p"' }, 'opaque is not that of the challenge'],
    ['uri other than the request-target', { uri: '"/?"' }, 'uri is not the request-target'],
    ['uri in absolute-form', { uri: '"http://127.0.0.1/"' }, 'uri is not the request-target'],
    ['response in capitals', { response: `"${hex.toUpperCase()}"` }, 'response is not lower-case hex'],
    ['response too short', { response: `"${hex.slice(1)}"` }, 'response is not 64 digits long'],
    ['response of MD5 length', { response: `"${hex.slice(32)}"` }, 'response is not 64 digits long'],
    ['nc of 7 digits', { nc: '0000001' }, 'nc is not 8 lower-case hex digits'],
    ['nc of 9 digits', { nc: '000000001' }, 'nc is not 8 lower-case hex digits'],
    ['nc in capitals', { nc: '0000000A' }, 'nc is not 8 lower-case hex digits'],
    ['nc zero', { nc: '00000000' }, 'nc counts from 00000001'],
    ['nc missing', { nc: undefined }, 'nc is missing'],
    ['cnonce missing', { cnonce: undefined }, 'cnonce is missing'],
    ['cnonce empty', { cnonce: '""' }, 'cnonce is empty or not ASCII'],
    ['nc without qop', { qop: undefined }, 'nc without qop'],
    ['cnonce without qop', { qop: undefined, nc: undefined }, 'cnonce without qop'],
    ['qop left out', { qop: undefined, nc: undefined, cnonce: undefined }, 'qop is missing'],
    ['qop not offered', { qop: 'auth-int' }, 'qop was not offered'],
    ['userhash neither true nor false', { userhash: 'yes' }, 'userhash is neither true nor false'],
    ['username with raw UTF-8', { username: '"J\xc3\xa4"' }, 'username is not printable ASCII'],
    ['username with raw Latin-1', { username: '"J\xe4"' }, 'username is not UTF-8'],
    ['username with a tab', { username: '"a\tb"' }, 'username is not printable ASCII'],
    ['both user names', { 'username*': "UTF-8''J%C3%A4" }, 'username and username* together'],
    [
      'username* with userhash',
      { username: undefined, 'username*': "UTF-8''J%C3%A4", userhash: 'true' },
      'username* together with userhash=true',
    ],
    ['username* for ASCII', { username: undefined, 'username*': "UTF-8''alice" }, 'for a name that is ASCII'],
    ['username* in Latin-1', { username: undefined, 'username*': "ISO-8859-1''J%E4" }, "username* is not UTF-8''"],
    ['username* with a language', { username: undefined, 'username*': "UTF-8'de'J%C3%A4" }, "username* is not UTF-8''"],
    ['username* not encoded', { username: undefined, 'username*': 'alice' }, "username* is not UTF-8''"],
    ['username* not UTF-8', { username: undefined, 'username*': "UTF-8''J%E4" }, 'username* is not UTF-8'],
    [
      'username* with a newline',
      { username: undefined, 'username*': "UTF-8''%C3%A4%0A" },
      'control character in username*',
    ],
    ['a parameter twice', { 'nc=00000001, nc': '00000001' }, 'nc appears twice'],
    ['a parameter twice in two cases', { Realm: '"test"' }, 'realm appears twice'],
    ['an empty value', { opaque: '' }, 'not an auth-param list'],
    ['an unterminated string', { cnonce: '"c' }, 'not an auth-param list'],
    ['white space before =', { 'x ': '1' }, 'not an auth-param list'],
    ['white space after =', { x: ' 1' }, 'not an auth-param list'],
    ['an empty list element', { '': ', x=1' }, 'not an auth-param list'],
    ['a comma at the end', { x: '1,' }, 'not an auth-param list'],
    ['no comma', { x: '1 y=2' }, 'not an auth-param list'],
    ['a slash outside quotes', { x: 'a/b' }, 'not an auth-param list'],
  ])('with %s is a violation', async (_what, change, sentence) => {
    const { status, text, violation } = await send(change);
    expect(violation).toContain(sentence);
    expect(text).toBe(violation);
    expect(status).toBe(400);
  });

  test('with a control character written as a quoted-pair does not even parse', async () => {
    await expect(send({ cnonce: '"\\\x01"' })).rejects.toThrow(/Invalid character/);
  });

  test('to a challenge with a nonce of another challenge is a violation', async () => {
    const offer = (['MD5', 'SHA-256'] as const).map((algorithm) => ({ scheme: 'digest' as const, algorithm }));
    const two = await challengeServer({ protect: offer });
    const [md5, sha] = (await ask(two.url)).challenges;
    const nonce = /nonce="([^"]*)"/.exec(md5 ?? '')?.[1] ?? '';
    const reply = await ask(two.url, { headers: { authorization: digest(answer(sha, { nonce })) } });
    expect([reply.status, reply.text]).toEqual([400, 'digest: the nonce was issued with another challenge\n']);
    await two.close();
  });

  test.each<[string, object, Change, string]>([
    ['opaque out of nowhere', {}, { opaque: '"x"' }, 'opaque is not that of the challenge'],
    ['userhash that was not offered', {}, { userhash: 'true' }, 'userhash was not offered'],
    [
      'qop to a challenge without',
      { qop: null },
      { qop: 'auth', nc: '00000001', cnonce: '"c"' },
      'qop was not offered',
    ],
    ['an algorithm out of nowhere', { algorithm: undefined }, { algorithm: 'SHA-256' }, 'algorithm is not that'],
    ['-sess without qop', { algorithm: 'MD5-sess', qop: null }, {}, 'cannot be answered without qop'],
  ])('with %s is a violation', async (_what, protection, change, sentence) => {
    const other = await challengeServer({ protect: { scheme: 'digest', algorithm: 'MD5', ...protection } });
    const [offer] = (await ask(other.url)).challenges;
    const reply = await ask(other.url, { headers: { authorization: digest({ ...answer(offer), ...change }) } });
    expect(reply.text).toContain(sentence);
    expect(reply.status).toBe(400);
    await other.close();
  });

  test.each(['absent', 'MD5'])('to a challenge without algorithm may have the algorithm %s', async (algorithm) => {
    const other = await challengeServer({ protect: { scheme: 'digest' } });
    const [offer] = (await ask(other.url)).challenges;
    expect(offer).not.toContain('algorithm');
    const change = algorithm === 'MD5' ? { algorithm } : {};
    const reply = await ask(other.url, { headers: { authorization: digest({ ...answer(offer), ...change }) } });
    expect(reply.status).toBe(200);
    await other.close();
  });

  test('with a username* for a name that needs it is accepted', async () => {
    const response = `"${prove(challenge, { username: 'Jäsøn', password: 'x', cnonce: 'd', nc: '00000002' })}"`;
    const change = {
      username: undefined,
      'username*': "UTF-8''J%c3%a4s%C3%B8n",
      cnonce: '"d"',
      nc: '00000002',
      response,
    };
    expect(await send(change)).toMatchObject({ status: 200 });
    expect(server.requests.at(-1)?.user).toBe('Jäsøn');
  });
});

describe('an authorization', () => {
  const base64 = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding).toString('base64');

  test.each<[string, string | string[], string]>([
    ['no scheme', '"x"', 'does not begin with an auth-scheme'],
    ['a tab after the scheme', `Basic\t${base64('a:b')}`, 'does not begin with an auth-scheme'],
    ['two field lines', [`Basic ${base64('a:b')}`, `Basic ${base64('a:b')}`], 'authorization: 2 field lines'],
    ['Basic without anything', 'Basic', 'not one base64 value'],
    ['Basic with parameters', 'Basic realm="x"', 'not one base64 value'],
    ['Basic without padding', `Basic ${base64('a:b1').replace(/=+$/, '')}`, 'not one base64 value'],
    ['Basic in base64url', `Basic ${Buffer.from('a:???>>>').toString('base64url')}`, 'not one base64 value'],
    ['Basic without a colon', `Basic ${base64('alice')}`, 'no colon'],
    ['Basic in Latin-1', `Basic ${base64('\xe4:b', 'latin1')}`, 'not UTF-8'],
    ['Basic with a newline', `Basic ${base64('a:b\n')}`, 'control character'],
    ['Bearer without a token', 'Bearer', 'not one b64token'],
    ['Bearer with parameters', 'Bearer token="x"', 'not one b64token'],
    ['Bearer with two words', 'Bearer a b', 'not an auth-param list'],
    ['Digest without parameters', 'Digest', 'uri is missing'],
  ])('with %s is a violation, even on an open path', async (_what, authorization, sentence) => {
    const server = await challengeServer({ protect: [] });
    const reply = await ask(server.url, { headers: { authorization } as never });
    expect(reply.text).toContain(sentence);
    expect(reply.status).toBe(400);
    expect(server.requests[0]).toMatchObject({ status: 400, violation: reply.text.trim() });
    await server.close();
  });
});
