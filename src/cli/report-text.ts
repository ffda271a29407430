/** What `doctor` found, as text for a person. */

import type { Report } from './examine.js';
import type { Finding } from './finding.js';
import { paint } from './talk.js';
import { ownVersion } from './version.js';
import { wrap } from './width.js';

/** A line a check, with what to do under it. */
export function reportText({ needed, chain, optIn, works }: Report): string {
  const parts = [
    `axios-challenge ${ownVersion()}`,
    linesOf(needed),
    ['The default chain', linesOf(chain)].join('\n'),
    ['When asked for', linesOf(optIn)].join('\n'),
    works ? conclusion(chain) : 'The default chain cannot work: do one of what is said above.',
  ];
  return parts.join('\n\n');
}

const INDENT = ' '.repeat(19);
// Where stdout is no terminal.
const COLUMNS = 100;
const MARKS = { ok: 'ok', off: '--', bad: '!!' } as const;
const COLOURS = { ok: 'green', off: 'dim', bad: 'red' } as const;

function linesOf(findings: readonly Finding[]): string {
  return findings.flatMap(findingLines).join('\n');
}

function findingLines({ name, state, text, remedy }: Finding): string[] {
  const mark = paint(COLOURS[state], MARKS[state], process.stdout);
  const room = Math.max(24, (process.stdout.columns ?? COLUMNS) - INDENT.length);
  const [first = '', ...rest] = [text, ...(remedy === undefined ? [] : [`(${remedy})`])].flatMap((part) =>
    wrap(part, room),
  );
  return [`  ${mark}  ${name.padEnd(11)}  ${first}`, ...rest.map((line) => INDENT + line)];
}

function conclusion(chain: readonly Finding[]): string {
  const names = chain.filter(({ state }) => state === 'ok').map(({ name }) => name);
  return `The default chain works: ${names.join(', ')}.`;
}
