/** Writes the report of `doctor` as text for a person. */

import { wrap } from '../../base/columns.js';
import { paint } from '../io/stdio.js';
import { ownVersion } from '../io/version.js';
import type { Report } from './doctor.js';
import type { Finding } from './findings/finding.js';

/** One line for each check; the remedy follows on the next line. */
export function reportText({ needed, chain, optIn, works }: Report): string {
  const parts = [
    `axios-challenge ${ownVersion()}`,
    linesOf(needed),
    ['The default chain', linesOf(chain)].join('\n'),
    ['Used on request', linesOf(optIn)].join('\n'),
    works ? conclusion(chain) : 'The default chain cannot work: follow one of the remedies above.',
  ];
  return parts.join('\n\n');
}

const INDENT = ' '.repeat(19);
// The width if stdout is not a terminal.
const COLUMNS = 100;
const MARKS = { ok: 'ok', off: '--', bad: '!!' } as const;
const COLOURS = { ok: 'green', off: 'dim', bad: 'red' } as const;

function linesOf(findings: readonly Finding[]): string {
  return findings.flatMap(findingLines).join('\n');
}

function findingLines({ name, state, text, remedy }: Finding): string[] {
  const mark = paint(COLOURS[state], MARKS[state], process.stdout);
  const room = Math.max(20, (process.stdout.columns ?? COLUMNS) - INDENT.length - 1);
  const [first = '', ...rest] = [text, ...(remedy === undefined ? [] : [`(${remedy})`])].flatMap((part) =>
    wrap(part, room),
  );
  return [`  ${mark}  ${name.padEnd(11)}  ${first}`, ...rest.map((line) => INDENT + line)];
}

function conclusion(chain: readonly Finding[]): string {
  const names = chain.filter(({ state }) => state === 'ok').map(({ name }) => name);
  return `The default chain works: ${names.join(', ')}.`;
}
