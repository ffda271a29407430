/** Finds variables that look like those of `env()`, and that nothing reads: most are misspelt. */

import { nearest } from '../../base/nearest.js';
import { type Environment, PREFIX } from '../environment.js';

const CREDENTIALS = ['URL', 'USERNAME', 'PASSWORD', 'PASSWORD_FILE', 'TOKEN', 'TOKEN_FILE'];
const SWITCHES = ['NO_PROMPT', 'DEBUG'];
const OF_HOST = /.+_(USERNAME|PASSWORD|PASSWORD_FILE|TOKEN|TOKEN_FILE)$/;
// A program that `command()` runs is told these.
const TOLD = /^(ORIGIN|REALM|SCHEME)$/;

export interface UnreadVariable {
  readonly name: string;
  /** The name that was probably meant. */
  readonly meant: string | undefined;
}

/** In the order of the environment; names only, never values. */
export function unreadVariables(environment: Environment, prefix: string = PREFIX): readonly UnreadVariable[] {
  const known = [...CREDENTIALS, ...SWITCHES].map((name) => `${prefix}_${name}`);
  return (
    Object.keys(environment)
      .filter((name) =>
        name.startsWith(`${prefix}_`) ? isUnread(name.slice(prefix.length + 1)) : isAlike(name, known),
      )
      .map((name) => ({ name, meant: nearest(name, known) }))
      // Under the prefix of a tool, another name is usually the tool's own.
      .filter(({ name, meant }) => meant !== undefined || (prefix === PREFIX && name.startsWith(`${prefix}_`)))
  );
}

function isUnread(name: string): boolean {
  return ![...CREDENTIALS, ...SWITCHES].includes(name) && !OF_HOST.test(name) && !TOLD.test(name);
}

/** The prefix itself is misspelt: `AXIOS_CHALENGE_USERNAME`. */
function isAlike(name: string, known: readonly string[]): boolean {
  const [first = ''] = (known[0] as string).split('_');
  return name.startsWith(`${first}_`) && nearest(name, known) !== undefined;
}
