/** A client made by hand: it sends exactly what a test says, and hashes with node:crypto alone. */

import { createHash } from 'node:crypto';
import { type Agent, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly challenges: readonly string[];
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

export interface Question {
  readonly target?: string;
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  readonly agent?: Agent;
}

export function ask(url: string, { target = '/', body, ...rest }: Question = {}): Promise<Reply> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path: target, ...rest }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      resolve({
        status: response.statusCode ?? 0,
        challenges: linesOf(response, 'www-authenticate'),
        headers: response.headers,
        text: Buffer.concat(chunks).toString(),
      });
    });
    sent.on('error', reject).end(body);
  });
}

/** Each line of a field, as it came: `headersDistinct` would be what another test has left on the prototype. */
function linesOf({ rawHeaders }: IncomingMessage, name: string): string[] {
  return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name);
}

/** The value of one parameter of a challenge, unquoted. */
export function param(field: string | undefined, name: string): string | undefined {
  const [, text, token] = new RegExp(`[ ,]${name}=(?:"((?:\\\\.|[^"])*)"|([^ ,]+))`).exec(` ${field}`) ?? [];
  return text?.replace(/\\(.)/g, '$1') ?? token;
}

export const hashes: Record<string, string> = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' };

export function hash(algorithm: string, text: string): string {
  return createHash(hashes[algorithm.replace('-sess', '')] ?? '')
    .update(text, 'latin1')
    .digest('hex');
}

/** A text as its UTF-8 bytes, one character each. */
export const latin1 = (text: string) => Buffer.from(text).toString('latin1');

export interface Hand {
  readonly username?: string;
  readonly password?: string;
  readonly method?: string;
  readonly uri?: string;
  readonly body?: string;
  readonly nc?: string;
  readonly cnonce?: string;
  readonly qop?: string;
  readonly nonce?: string;
  /** nonce and cnonce of the session key, when they are not those of this request. */
  readonly session?: readonly [string, string];
}

/** A1, A2 and the parts of RFC 7616 §3.4.1, written out: `response` for the method, `rspauth` for the method ''. */
export function prove(challenge: string | undefined, hand: Hand): string {
  const { username = 'alice', password = 'wonderland', method = 'GET', uri = '/', body = '' } = hand;
  const { nc = '00000001', cnonce = 'c', nonce = param(challenge, 'nonce') ?? '' } = hand;
  const algorithm = param(challenge, 'algorithm') ?? 'MD5';
  const qop = hand.qop ?? param(challenge, 'qop');
  const [sessionNonce, sessionCnonce] = hand.session ?? [nonce, cnonce];
  let a1 = hash(algorithm, `${latin1(username)}:${param(challenge, 'realm')}:${latin1(password)}`);
  if (algorithm.endsWith('-sess')) a1 = hash(algorithm, `${a1}:${sessionNonce}:${sessionCnonce}`);
  const a2 = hash(algorithm, `${method}:${uri}${qop === 'auth-int' ? `:${hash(algorithm, latin1(body))}` : ''}`);
  return hash(algorithm, [a1, nonce, ...(qop ? [nc, cnonce, qop] : []), a2].join(':'));
}

/** The parameters of a good answer, each as it is written in the field. */
export function answer(challenge: string | undefined, hand: Hand = {}): Record<string, string | undefined> {
  const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
  const opaque = param(challenge, 'opaque');
  const qop = hand.qop ?? param(challenge, 'qop');
  return {
    username: quote(hand.username ?? 'alice'),
    realm: quote(param(challenge, 'realm') ?? ''),
    nonce: quote(hand.nonce ?? param(challenge, 'nonce') ?? ''),
    uri: quote(hand.uri ?? '/'),
    response: quote(prove(challenge, hand)),
    algorithm: param(challenge, 'algorithm'),
    opaque: opaque && quote(opaque),
    qop,
    nc: qop && (hand.nc ?? '00000001'),
    cnonce: qop && quote(hand.cnonce ?? 'c'),
  };
}

/** The field value of these parameters. */
export function digest(params: Record<string, string | undefined>): string {
  const written = Object.entries(params).filter(([, value]) => value !== undefined);
  return `Digest ${written.map(([name, value]) => `${name}=${value}`).join(', ')}`;
}

/** The answer by hand, as headers. */
export function by(challenge: string | undefined, hand?: Hand): OutgoingHttpHeaders {
  return { authorization: digest(answer(challenge, hand)) };
}
