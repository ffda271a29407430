/** Reads the options that a program passes: own properties only (SEC-28). An unknown name is an error. */

import { nearest } from '../base/nearest.js';
import { AuthError } from '../errors.js';
import { visible } from './visible.js';

/**
 * A copy with a null prototype. `owner` is the function, for the message.
 *
 * @throws AuthError `ERR_AUTH_OPTION` for an unknown name, and for anything but an object
 */
export function ownOptions<Options extends object>(
  options: Options,
  names: ReadonlyArray<keyof Options & string>,
  owner: string,
): Options {
  assertOptions(options, names, owner);
  return Object.assign(Object.create(null), options);
}

/** In JavaScript a misspelt option would be ignored. @throws AuthError `ERR_AUTH_OPTION` */
export function assertOptions(options: unknown, names: readonly string[], owner: string): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new AuthError('ERR_AUTH_OPTION', `${owner}: the options must be an object, as in { ${names[0]}: ... }`);
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const meant = nearest(unknown, names);
  const hint = meant === undefined ? `its options are ${names.join(', ')}` : `did you mean ${meant}?`;
  throw new AuthError('ERR_AUTH_OPTION', `${owner}: there is no option ${visible(unknown)} (${hint})`);
}
