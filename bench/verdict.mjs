/** One sentence for each row that misses its target: which, by how much, and why. */

import { isMet } from './table.mjs';

const WHY = {
  1: 'a request after the first was not authorized before it was challenged',
  2: 'cold requests did not wait for the first of them to be answered, or shared too little of it',
  3: 'the limit is what its pieces cost in one function, in the same run: `node bench/pieces.mjs` shows them one by one; what is left over passes from one to the next',
  4: 'beside the two hashes there is a fresh cnonce, the strings to be hashed and the field value to be written',
  5: 'as row 3: the pieces look whether the caller authorizes the request itself, hear of redirects, hide what was sent, and keep a record',
  6: 'the limit is compiling: most of the time goes into reading the text, and what only a challenge needs is loaded later',
  7: 'the parser walks the field value character by character; the worst shape makes the most params',
  8: 'something is kept for an origin after the session store has let go of it',
  9: 'as row 3: without waiting, what a request costs is what is missing here',
  10: 'a request after the first was not authorized before it was challenged',
  11: 'two challenges in one value were not told apart, or another parser is faster',
  13: 'closures and the record live as long as the request',
};

/** The sentences; `[]` when every target is met. */
export function misses(lines) {
  const rows = groupByRow(lines);
  return [...rows].flatMap(([row, own]) => {
    const missed = own.filter((line) => isMet(line) === false);
    return missed.length === 0
      ? []
      : [`row ${row} misses its target: ${missed.map(byHowMuch).join('; ')}. ${why(row)}`];
  });
}

function groupByRow(lines) {
  const rows = new Map();
  for (const line of lines) rows.set(line.row, [...(rows.get(line.row) ?? []), line]);
  return rows;
}

function byHowMuch({ label, how, value, limit }) {
  const [clock] = how.split(',');
  return `${number(value)} against ${number(limit)} (${label}; ${clock})`;
}

function why(row) {
  return `Why: ${WHY[row] ?? 'not known'}.`;
}

function number(value) {
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 3 : 1);
}
