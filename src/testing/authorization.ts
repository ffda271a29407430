/** Reads an `Authorization` field strictly by the grammar of RFC 9110 §11.4, as a sender has to write it. */

import { forbid, Violation } from './violation.js';

/** One auth-param of an authorization. It notes whether the value was quoted, because RFC 7616 §3.4 prescribes that. */
export interface Param {
  readonly value: string;
  readonly quoted: boolean;
}

/** The parts of one `Authorization` or `Proxy-Authorization` field value. Bytes over 0x7F are Latin-1 characters. */
export interface Authorization {
  /** The auth-scheme in lower case. */
  readonly scheme: string;
  readonly token68?: string;
  readonly params: ReadonlyMap<string, Param>;
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const SCHEME = new RegExp(`^${TOKEN}(?= |$)`);
const TOKEN68 = /^[A-Za-z0-9._~+/-]+=*$/;
// RFC 9110 §5.6.4: quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE.
const QUOTED = '"((?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t \\x21-\\x7e\\x80-\\xff])*)"';
// RFC 9110 §11.2: auth-param = token BWS "=" BWS ( token / quoted-string ); a sender writes no BWS.
const PARAM = new RegExp(`(${TOKEN})=(?:${QUOTED}|(${TOKEN}))`, 'y');
// RFC 9110 §5.6.1.1: a sender writes no empty list elements.
const COMMA = /[ \t]*,[ \t]*(?=[^\s,])/y;

/** The value of the only field line of this name (lower case), or undefined; two field lines are a Violation. */
export function onlyField(rawHeaders: readonly string[], name: string): string | undefined {
  const values = rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
  forbid(values.length > 1, `${name}: ${values.length} field lines, at most one is allowed`);
  return values[0];
}

/** Reads the field value, or throws a Violation that says what is wrong with it. */
export function readAuthorization(value: string): Authorization {
  const word = SCHEME.exec(value)?.[0];
  if (word === undefined) throw new Violation('authorization: does not begin with an auth-scheme and a space');
  const scheme = word.toLowerCase();
  const rest = value.slice(word.length).replace(/^ +/, '');
  if (rest === '') return { scheme, params: new Map() };
  if (TOKEN68.test(rest)) return { scheme, token68: rest, params: new Map() };
  return { scheme, params: readParams(rest) };
}

function readParams(text: string): Map<string, Param> {
  const params = new Map<string, Param>();
  for (let at = 0; at < text.length; ) {
    if (at > 0) at = step(COMMA, text, at).end;
    const { match, end } = step(PARAM, text, at);
    const name = (match[1] ?? '').toLowerCase();
    forbid(params.has(name), `authorization: ${name} appears twice`);
    params.set(name, paramOf(match[2], match[3] ?? ''));
    at = end;
  }
  return params;
}

function step(pattern: RegExp, text: string, at: number): { match: RegExpExecArray; end: number } {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  if (!match) throw new Violation(`authorization: not an auth-param list at character ${at} of the parameters`);
  return { match, end: at + match[0].length };
}

function paramOf(quoted: string | undefined, token: string): Param {
  if (quoted === undefined) return { value: token, quoted: false };
  return { value: quoted.replace(/\\(.)/g, '$1'), quoted: true };
}
