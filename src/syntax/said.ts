/** Reduces errors, names and reasons from code outside this package to text that may be shown. */

import { memberOf } from '../base/own.js';
import { AuthError } from '../errors.js';
import type { CredentialRequest, Provider } from '../model.js';

// A name like TypeError, a code like ENOENT or the exit status of a program, but no text of a message.
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
const CODE = /^([A-Z][A-Z0-9_]{0,63}|-?\d{1,6})$/;

/** Whether it is an error of this package; `false` for a revoked `Proxy`, for which `instanceof` throws. */
export function isOurs(error: unknown): error is AuthError {
  try {
    return error instanceof AuthError;
  } catch {
    return false;
  }
}

/** The message of an `AuthError`, but only the kind of any other error: its message may contain a secret argument. */
export function wordsOf(error: unknown): string {
  if (isOurs(error) && typeof memberOf(error, 'message') === 'string') return error.message;
  const kind = kindOf(error);
  if (kind === undefined) return 'it threw a value that is not an error';
  return `it failed: ${kind} (its message is not shown: it may hold a secret)`;
}

/** The name of an error, and its code where it has one; `undefined` for a value that is not an error. */
export function kindOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const own: Partial<Record<'name' | 'code' | 'stack', unknown>> = error;
  // Accepts an error of another JavaScript realm, and a DOMException, too.
  if (!isOurs(error) && typeof memberOf(own, 'stack') !== 'string') return undefined;
  const [name, code] = [memberOf(own, 'name'), memberOf(own, 'code')];
  const shown = typeof name === 'string' && NAME.test(name) ? name : 'Error';
  const isCode = (typeof code === 'string' || typeof code === 'number') && CODE.test(String(code));
  return isCode ? `${shown}, ${code}` : shown;
}

/** The name of a provider in a record. */
export function nameOf(provider: Provider): string {
  const name: unknown = memberOf(provider, 'name');
  return typeof name === 'string' && name.trim() !== '' ? name : 'a provider';
}

/** Why a provider has no credential, if the reason is text. */
export function absenceOf(provider: Provider, request: CredentialRequest): string | undefined {
  const said: unknown = memberOf(provider, 'absence')?.call(provider, request);
  // A promise is not text, and its rejection is ignored.
  if (typeof said === 'object') Promise.resolve(said).catch(() => {});
  return typeof said === 'string' ? said : undefined;
}

/** Text as it is; for any other value only its type. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : `[${typeof value}]`;
}
