/** Chooses the environment variables that a child process inherits: all but the credentials of `env()`. */

import { type Environment, PREFIX } from './environment.js';

/** The prefixes of every `env()` in this process. */
const prefixes = new Set([PREFIX]);

// The variables that `env()` reads, after the prefix: plain, or with the name of a host before them.
const CREDENTIAL = /(^|_)(URL|USERNAME|PASSWORD|PASSWORD_FILE|TOKEN|TOKEN_FILE)$/;
// These two hold no credential, and a child process that uses this package obeys them as well.
const SWITCH = /^(DEBUG|NO_PROMPT)$/;

/** Withholds the credentials under this prefix from child processes, too. */
export function keepFromPrograms(prefix: string): void {
  prefixes.add(prefix.toUpperCase());
}

/**
 * The environment without the variables of this package. Under a tool's own prefix only credentials are removed: its
 * programs may need the other variables.
 */
export function inheritable(environment: Environment): Environment {
  return Object.assign(
    Object.create(null),
    Object.fromEntries(Object.entries(environment).filter(([name]) => !isKept(name.toUpperCase()))),
  );
}

function isKept(name: string): boolean {
  return [...prefixes].some((prefix) => {
    if (!name.startsWith(`${prefix}_`)) return false;
    const rest = name.slice(prefix.length + 1);
    return prefix === PREFIX ? !SWITCH.test(rest) : CREDENTIAL.test(rest);
  });
}
