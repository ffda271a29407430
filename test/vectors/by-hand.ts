/** Digest by hand: RFC 7616 §3.4 and §3.5 written out with node:crypto alone. It judges, so it shares nothing with src. */

import { createHash } from 'node:crypto';

const OPENSSL: Record<string, string> = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' };

/** H of a byte string (a character a byte), or of bytes. */
export function H(algorithm: string, data: string | Uint8Array): string {
  const name = OPENSSL[algorithm.replace(/-sess$/, '')];
  if (name === undefined) throw new Error(`no hash by hand for ${algorithm}`);
  return createHash(name)
    .update(typeof data === 'string' ? Buffer.from(data, 'latin1') : data)
    .digest('hex');
}

/** The UTF-8 bytes of a text, a character each. */
export const utf8 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');

export interface Hand {
  readonly algorithm: string;
  /** user name, realm and password as byte strings */
  readonly username: string;
  readonly realm: string;
  readonly password: string;
  readonly nonce: string;
  readonly uri: string;
  /** '' for rspauth */
  readonly method: string;
  readonly qop?: string | undefined;
  readonly nc?: string;
  readonly cnonce?: string;
  readonly body?: string | Uint8Array;
  /** nonce and cnonce of the first request after the challenge, where these are not they */
  readonly session?: { readonly nonce: string; readonly cnonce: string };
}

/** request-digest, or rspauth when the method is ''. */
export function digestByHand(hand: Hand): string {
  const h = (data: string | Uint8Array) => H(hand.algorithm, data);
  const { username, realm, password, nonce, uri, method, qop, nc = '00000001', cnonce = '', body = '' } = hand;
  const session = hand.session ?? { nonce, cnonce };
  const A1 = `${username}:${realm}:${password}`;
  const HA1 = hand.algorithm.endsWith('-sess') ? h(`${h(A1)}:${session.nonce}:${session.cnonce}`) : h(A1);
  const HA2 = h(qop === 'auth-int' ? `${method}:${uri}:${h(body)}` : `${method}:${uri}`);
  return h(qop === undefined ? `${HA1}:${nonce}:${HA2}` : `${HA1}:${nonce}:${nc}:${cnonce}:${qop}:${HA2}`);
}

export interface Written {
  /** unquoted and unescaped, by name as written */
  readonly params: Record<string, string>;
  /** the names whose value was quoted */
  readonly quoted: readonly string[];
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const PARAM = new RegExp(
  `^(${TOKEN})=(?:"((?:[\\t !#-\\[\\]-~\\x80-\\xff]|\\\\[\\t -~\\x80-\\xff])*)"|(${TOKEN}))(?:, (?=.)|$)`,
);

/** Reads a Digest `Authorization` field value; throws for what is not written strictly by the grammar. */
export function readAuthorization(value: string): Written {
  if (!value.startsWith('Digest ')) throw new Error(`not Digest: ${value}`);
  const params: Record<string, string> = {};
  const quoted: string[] = [];
  for (let rest = value.slice('Digest '.length); rest !== ''; ) {
    const [whole, name, text, token] = PARAM.exec(rest) ?? [];
    if (whole === undefined || name === undefined) throw new Error(`not an auth-param: ${rest}`);
    if (name in params) throw new Error(`twice: ${name}`);
    if (text !== undefined) quoted.push(name);
    params[name] = text?.replace(/\\(.)/g, '$1') ?? (token as string);
    rest = rest.slice(whole.length);
  }
  return { params, quoted };
}
