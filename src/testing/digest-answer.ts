/** Reads a Digest authorization strictly by RFC 7616 §3.4: which parameters are present, and the form of each. */

import type { Authorization, Param } from './authorization.js';
import { forbid, hasControls, Violation } from './violation.js';

/** A well-formed Digest authorization. The judge decides whether it fits a challenge. */
export interface DigestAnswer {
  /** The user name, or its hash if `userhash` is true. */
  readonly username: string;
  readonly userhash: boolean;
  /** Whether the user name came as UTF-8 in a quoted-string, as clients write it for servers of RFC 2617. */
  readonly isRaw: boolean;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  readonly algorithm: string | undefined;
  readonly opaque: string | undefined;
  /** qop, nc and cnonce: either all three are present, or none of them. */
  readonly protection: { readonly qop: string; readonly nc: string; readonly cnonce: string } | undefined;
}

type Params = ReadonlyMap<string, Param>;

// RFC 7616 §3.4: the first list MUST use the quoted-string syntax, the second MUST NOT; §3.4.4 writes userhash=true.
const QUOTED = ['username', 'realm', 'nonce', 'uri', 'response', 'cnonce', 'opaque'];
const UNQUOTED = ['algorithm', 'qop', 'nc', 'userhash', 'username*'];
// RFC 8187 §3.2.1: ext-value with the charset UTF-8 and no language.
const EXT_VALUE = /^UTF-8''((?:%[0-9A-F]{2}|[A-Za-z0-9!#$&+.^_`|~-])+)$/i;

/** Reads the authorization of a request with this request-target; throws a Violation that says what is wrong. */
export function readDigest({ params }: Authorization, target: string): DigestAnswer {
  checkForms(params);
  const uri = required(params, 'uri');
  forbid(uri !== target, 'digest: uri is not the request-target');
  const response = required(params, 'response');
  forbid(!/^[0-9a-f]+$/.test(response), 'digest: response is not lower-case hex');
  return {
    ...readUsername(params),
    realm: required(params, 'realm'),
    nonce: required(params, 'nonce'),
    uri,
    response,
    algorithm: params.get('algorithm')?.value,
    opaque: params.get('opaque')?.value,
    protection: readProtection(params),
  };
}

function checkForms(params: Params): void {
  for (const [name, { quoted }] of params) {
    forbid(!quoted && QUOTED.includes(name), `digest: ${name} has to be quoted`);
    forbid(quoted && UNQUOTED.includes(name), `digest: ${name} must not be quoted`);
  }
}

function required(params: Params, name: string): string {
  const param = params.get(name);
  if (!param) throw new Violation(`digest: ${name} is missing`);
  return param.value;
}

function readUsername(params: Params): Pick<DigestAnswer, 'username' | 'userhash' | 'isRaw'> {
  const flag = params.get('userhash')?.value ?? 'false';
  forbid(flag !== 'true' && flag !== 'false', 'digest: userhash is neither true nor false');
  const userhash = flag === 'true';
  const extended = params.get('username*');
  if (extended) {
    forbid(params.has('username'), 'digest: username and username* together');
    forbid(userhash, 'digest: username* together with userhash=true');
    return { username: decodeExtended(extended.value), userhash, isRaw: false };
  }
  const username = required(params, 'username');
  forbid(/[\x00-\x1f\x7f]/.test(username), NOT_ASCII);
  const isRaw = /[^\x20-\x7e]/.test(username);
  return { username: isRaw ? decodeUtf8(username) : username, userhash, isRaw };
}

/** What is wrong with a raw user name that answers a challenge of RFC 7616. */
export const NOT_ASCII = 'digest: username is not printable ASCII; use username*';

/** The text whose bytes stand in the field, each as one character. */
function decodeUtf8(octets: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(octets, 'latin1'));
  } catch {
    throw new Violation('digest: username is not UTF-8');
  }
}

function decodeExtended(value: string): string {
  const encoded = EXT_VALUE.exec(value)?.[1];
  if (encoded === undefined) throw new Violation("digest: username* is not UTF-8'' and percent-encoded (RFC 8187)");
  const name = decodePercent(encoded);
  forbid(hasControls(name), 'digest: control character in username*');
  forbid(/^[\x20-\x7e]*$/.test(name), 'digest: username* for a name that is ASCII');
  return name;
}

function decodePercent(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw new Violation('digest: username* is not UTF-8');
  }
}

function readProtection(params: Params): DigestAnswer['protection'] {
  const qop = params.get('qop')?.value;
  if (qop === undefined) {
    forbid(params.has('nc'), 'digest: nc without qop');
    forbid(params.has('cnonce'), 'digest: cnonce without qop');
    return undefined;
  }
  const nc = required(params, 'nc');
  forbid(!/^[0-9a-f]{8}$/.test(nc), 'digest: nc is not 8 lower-case hex digits');
  forbid(nc === '00000000', 'digest: nc counts from 00000001');
  const cnonce = required(params, 'cnonce');
  forbid(!/^[\x20-\x7e]+$/.test(cnonce), 'digest: cnonce is empty or not ASCII');
  return { qop, nc, cnonce };
}
