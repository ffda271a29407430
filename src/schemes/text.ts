/** User names, passwords and tokens as the bytes a header carries. */

import { AuthError } from '../errors.js';

const CONTROL = /[\u0000-\u001f\u007f]/;
const BEYOND_A_BYTE = /[^\u0000-\u00ff]/;
const ASCII = /^[\u0020-\u007e]*$/;

/** Whether every character is printable ASCII. */
export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/** NFC, or ERR_AUTH_CREDENTIAL for text that no header may carry. The error names it as `what` and never shows it. */
export function normalize(what: string, text: string): string {
  const normalized = nfc(what, text);
  if (CONTROL.test(normalized)) throw invalid(what, 'holds a control character');
  return normalized;
}

/** NFC (RFC 7616 §4, RFC 7617 §2.1), or ERR_AUTH_CREDENTIAL for text that has no UTF-8 encoding. */
export function nfc(what: string, text: string): string {
  if (typeof text !== 'string') throw invalid(what, 'is not text');
  if (!text.isWellFormed()) throw invalid(what, 'is not well-formed Unicode');
  return isAscii(text) ? text : text.normalize('NFC');
}

/** The UTF-8 bytes of `text`, one character a byte: Node writes header values as Latin-1. */
export function utf8Bytes(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** A byte string: `text` itself, or its UTF-8 bytes if `text` has already been decoded. */
export function byteString(text: string): string {
  return BEYOND_A_BYTE.test(text) ? utf8Bytes(text) : text;
}

/** The error for a credential that a scheme cannot carry. */
export function invalid(what: string, reason: string): AuthError {
  return new AuthError('ERR_AUTH_CREDENTIAL', `the ${what} ${reason}`);
}
