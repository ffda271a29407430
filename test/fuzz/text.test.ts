/** What strangers write: field values, files, the output of programs, names. Read without a throw, written without a lie. */

import { validateHeaderValue } from 'node:http';
import fc from 'fast-check';
import { AuthError } from '../../src/errors.js';
import { realmText } from '../../src/exchange/challenge/realm.js';
import { read, select } from '../../src/exchange/challenge/select.js';
import { formatTrace } from '../../src/exchange/trace/explain.js';
import { type OutputFormat, parseOutput } from '../../src/providers/command/output.js';
import { hostSpellings } from '../../src/providers/env/host-variable.js';
import { format, parse } from '../../src/providers/git/format.js';
import { parseNetrc } from '../../src/providers/netrc/file.js';
import { basic, basicAuthorization } from '../../src/schemes/basic.js';
import { bearer } from '../../src/schemes/bearer.js';
import { digest } from '../../src/schemes/digest/digest.js';
import { formatQuoted } from '../../src/syntax/auth-param.js';
import { formatChallenges, parseChallenges } from '../../src/syntax/challenge.js';
import { quoted, visible } from '../../src/syntax/visible.js';
import { readAuthorization } from '../../src/testing/authorization.js';
import { looks } from '../support/looks.js';
import { offerOf } from '../support/offer.js';
import { budget, TIMEOUT } from './budget.js';

const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(...'aZ0 ,;="\\\'%\t\r\n\0\u001b\u007f\u0080\u00e9\u202e\u2028\ud800😀'),
    maxLength: 40,
  }),
);

// There are many of them, and they are quick.
const SHARE = 0.1;

function check<T extends [unknown, ...unknown[]]>(
  name: string,
  runs: number,
  ...rest: Parameters<typeof fc.property<T>>
) {
  test(name, () => fc.assert(fc.property<T>(...rest), budget<T>(runs, SHARE)), TIMEOUT);
}

/** What it gives, or the AuthError; anything else that is thrown is a breach. */
function attempt<T>(read: () => T): T | AuthError {
  try {
    return read();
  } catch (error) {
    if (error instanceof AuthError) return error;
    throw error;
  }
}

describe('challenges', () => {
  // Fields as servers send them, with a few characters changed: they get further into a parser than noise does.
  const real = fc.constantFrom(
    'Digest realm="a, b", nonce="bm9uY2U=", qop="auth,auth-int", algorithm=SHA-256, stale=true, opaque="x"',
    'Basic realm="caf\u00e9 \\"x\\"", charset="UTF-8"',
    'Negotiate YII=, Bearer scope="a b", error="invalid_token", NTLM',
    'Digest realm=unquoted,domain="/a http://h/b",nonce=1 qop=auth',
  );
  const edit = fc.record({ at: fc.nat(120), cut: fc.nat(6), put: anything.map((text) => text.slice(0, 3)) });
  const damaged = fc
    .tuple(real, real, fc.array(edit, { maxLength: 4 }))
    .map(([one, other, edits]) =>
      edits.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), `${one}, ${other}`),
    );
  const schemes = [digest(), bearer(), basic()];
  const alice = { username: 'alice', password: 'wonderland' };

  check(
    'what is read of a damaged field can be written and read again',
    1000,
    fc.oneof(damaged, fc.array(damaged)),
    (value) => {
      const challenges = parseChallenges(value);
      expect(parseChallenges(formatChallenges(challenges))).toEqual(challenges);
    },
  );

  check(
    'whatever is chosen can be answered, in a form that the strict reader takes, or is an AuthError',
    1000,
    damaged,
    (value) => {
      for (const { challenge, scheme } of select(read(parseChallenges(value), schemes)).choices) {
        const credential = scheme.credential === 'token' ? { token: 't' } : alice;
        const offer = offerOf(scheme, challenge);
        offer.space('http://h.example/a/b');
        const answered = attempt(() => offer.answer(credential).authorize({ method: 'GET', uri: '/' }));
        if (!(answered instanceof AuthError)) expect(readAuthorization(answered.value).scheme).toBe(scheme.name);
      }
    },
  );

  check(
    'no Authentication-Info is a proof by chance, and none makes the check throw',
    1000,
    fc.oneof(anything, damaged),
    (value) => {
      const [challenge] = parseChallenges('Digest realm="r", nonce="n", qop="auth"');
      const answer = offerOf(digest(), challenge as never)
        .answer(alice)
        .authorize({ method: 'GET', uri: '/' });
      for (const info of [value, `rspauth="${value}"`, `nextnonce="${value}"`]) {
        const { mutual, next } = answer.confirm?.(info) ?? {};
        expect(mutual).not.toBe(true);
        attempt(() => next?.authorize({ method: 'GET', uri: '/' }));
      }
    },
  );
});

describe('what is written into a header', () => {
  check('a quoted-string holds one param, or is refused', 1000, anything, anything, (name, value) => {
    const written = attempt(() => `Foo ${formatQuoted(name, value)}`);
    if (!(written instanceof AuthError))
      expect(parseChallenges(written)[0]?.params).toEqual({ [name.toLowerCase()]: value });
  });

  check(
    'Digest, for every user name, password, method and target',
    600,
    anything,
    anything,
    anything,
    (username, password, uri) => {
      const [challenge] = parseChallenges('Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256');
      const written = attempt(() =>
        offerOf(digest(), challenge as never)
          .answer({ username, password })
          .authorize({ method: 'GET', uri }),
      );
      if (written instanceof AuthError) return;
      validateHeaderValue('Authorization', written.value);
      const { params } = readAuthorization(written.value);
      expect([uri, Buffer.from(uri).toString('latin1')]).toContain(params.get('uri')?.value);
    },
  );

  check('Basic, for every user name and password', 600, anything, anything, (username, password) => {
    const written = attempt(() => basicAuthorization(username, password));
    if (written instanceof AuthError) return;
    const text = Buffer.from(readAuthorization(written).token68 as string, 'base64').toString('utf8');
    expect(text).toBe(`${username}:${password}`.normalize('NFC'));
    // RFC 7617 §2, by the CTL of RFC 5234.
    expect(text).not.toMatch(/[\u0000-\u001f\u007f]/);
  });
});

describe('netrc', () => {
  check('any text gives entries or an AuthError that shows nothing of it', 1000, anything, anything, (one, other) => {
    for (const text of [one, `machine h login ${one} password ${other}`, `machine "${one}" ${other}`]) {
      const read = attempt(() => parseNetrc(text, 'f'));
      if (!(read instanceof AuthError)) continue;
      expect(read.message).toMatch(/^netrc: line \d+: [\x20-\x7e]+ \(f\)$/);
    }
  });

  check('a pattern that repeats is read in linear time', 200, anything, anything, (head, unit) => {
    const text = head + (unit || ' ').repeat(2000).slice(0, 4000);
    expect(looks(() => attempt(() => parseNetrc(text, 'f')))).toBeLessThanOrEqual(16 * text.length + 64);
  });
});

describe('what programs print', () => {
  const formats: readonly OutputFormat[] = ['auto', 'json', 'secret'];
  const origin = 'https://files.example';
  const read = (text: string, format: OutputFormat) =>
    attempt(() => parseOutput(text, { format, origin, program: 'p' }));

  check(
    'any output gives strings or an AuthError that shows nothing of it',
    1000,
    anything,
    fc.constantFrom(...formats),
    (text, format) => {
      for (const printed of [
        text,
        `{"password":${text}}`,
        `password=${text}`,
        `username=${text}\nhost=${text}`,
        `[{${text}`,
      ]) {
        const found = read(printed, format);
        if (found instanceof AuthError) expect(found.message).toMatch(/^command: p [\x20-\x7e]+$/);
        else for (const value of Object.values(found ?? {})) expect(['string', 'undefined']).toContain(typeof value);
      }
    },
  );

  check('JSON gives back every user name and password', 500, anything, anything, (username, password) => {
    expect(read(JSON.stringify({ username, password }), 'auto')).toMatchObject({ username, password });
  });

  check('the lines for git are as many as its attributes, and say the same', 1000, fc.array(anything), (values) => {
    const attributes = new Map(values.map((value, i) => [`key${i}`, value]));
    const lines = attempt(() => format(attributes));
    if (lines instanceof AuthError) return;
    expect(lines.split('\n')).toHaveLength(attributes.size + 2);
    expect(parse(lines)).toEqual(attributes);
  });

  check('whatever git prints is read', 500, anything, (text) => {
    for (const [key, value] of parse(text)) expect(text).toContain(`${key}=${value}`);
  });
});

describe('the names of variables', () => {
  // The same words, joined in two ways: what could be taken for one another.
  // A label that begins with xn-- has to be one of IDNA.
  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,2}$/).filter((one) => one !== 'xn');
  const words = fc.array(word, { minLength: 1, maxLength: 3 });
  const joints = fc.array(fc.constantFrom('.', '-', '--'), { minLength: 3, maxLength: 3 });
  const port = fc.constantFrom('', ':80', ':8080');
  const originOf = ([list, between, end]: [string[], string[], string]) =>
    new URL(`https://${list.map((word, i) => word + between[i]).join('')}example${end}`).origin;
  const origin = fc.tuple(words, joints, port).map(originOf);
  const pair = fc.tuple(words, joints, port, joints, port).map(([list, one, oneEnd, other, otherEnd]) => {
    return [originOf([list, one, oneEnd]), originOf([list, other, otherEnd])] as const;
  });

  check('two origins never share one', 1000, pair, ([one, other]) => {
    const shared = hostSpellings(one).filter((spelling) => hostSpellings(other).includes(spelling));
    expect(shared).toHaveLength(one === other ? 2 : 0);
  });

  check('each is the name of a variable', 500, origin, (one) => {
    for (const spelling of hostSpellings(one)) expect(spelling).toMatch(/^\w+$/);
  });
});

describe('what people are shown', () => {
  const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]/u;

  check('nothing hidden is left in it', 1000, anything, (text) => {
    expect(visible(text)).not.toMatch(HIDDEN);
    expect(visible(visible(text))).toBe(visible(text));
  });

  check(
    'a quotation ends where its text does, and stays within its length',
    1000,
    fc.oneof(anything, fc.string({ unit: 'binary', minLength: 70, maxLength: 200 })),
    (text) => {
      expect(quoted(text)).toMatch(/^"(?:[^"\\]|\\.)*"$/u);
      expect(quoted(text).length).toBeLessThanOrEqual(2 + 80 * 10);
    },
  );

  check('different texts have different quotations, where neither is cut', 1000, anything, anything, (one, other) => {
    const isCut = (quotation: string) => quotation.endsWith('…"');
    for (const text of [other, JSON.stringify(one).slice(1, -1), visible(one)]) {
      if (text !== one && !isCut(quoted(text))) expect(quoted(text)).not.toBe(quoted(one));
    }
  });

  check('a realm in UTF-8 is read as that, and any other is left as it is', 1000, anything, (text) => {
    const bytes = Buffer.from(text, 'utf8').toString('latin1');
    expect(realmText(bytes)).toBe(text.isWellFormed() ? text : realmText(bytes));
    expect(realmText(text).length).toBeLessThanOrEqual(text.length);
  });

  check('no server writes a line of its own into an explanation', 500, anything, anything, (realm, label) => {
    const explained = explanation(realm, label);
    expect(explained.split('\n')).toHaveLength(explanation('x', 'x').split('\n').length);
    expect(explained.replaceAll('\n', '')).not.toMatch(HIDDEN);
  });
});

function explanation(realm: string, label: string): string {
  const stamp = { exchange: 1, at: 0 };
  const [method, url] = ['GET', 'http://h.example/'];
  return formatTrace({
    exchange: 1,
    began: 0,
    method,
    url,
    events: [
      { ...stamp, type: 'send', send: 1, method, url, preemptive: false },
      { ...stamp, type: 'reply', send: 1, status: 401, milliseconds: 1 },
      { ...stamp, type: 'challenged', realm, challenges: [label] },
      { ...stamp, type: 'end', status: 401, code: 'ERR_AUTH_CHALLENGE', reason: label },
    ],
  });
}
