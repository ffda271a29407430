/** Row 7: parsing 64 KiB of hostile field value; the worst shape counts. */

import { parseChallenges } from 'axios-challenge/protocol';
import { line } from '../lines.mjs';
import { summary, takeTurnsSync } from '../measure.mjs';

const KIB = 1024;

const SHAPES = {
  'commas only': fill(','),
  'spaces only': fill(' '),
  'commas and spaces': fill(', \t'),
  'one endless token': fill('a'),
  'an endless token68': fill('A', 'Basic '),
  'an endless run of =': fill('=', 'Basic A'),
  'schemes without params': fill('a,'),
  'schemes without commas': fill('a '),
  'challenges with a realm': fill('Basic realm="a", '),
  'one challenge, one param many times': fill('a=b,', 'Digest '),
  'one challenge, many params': numbered((i) => `p${i}=1,`, 'Digest '),
  'params without values': fill('a=,', 'Digest '),
  'an unterminated quoted-string': fill('a', 'Digest a="'),
  'many unterminated quoted-strings': fill('a="'),
  'quotes only': fill('"'),
  'quoted-strings one after another': fill('"a" '),
  'backslashes in a quoted-string': fill('\\', 'Digest a="'),
  'escapes in a quoted-string': fill('\\"', 'Digest a="'),
  'names with space around =': fill('a \t = '),
  'almost token68, then a comma': fill('a==,'),
  'control characters': fill('\u0000\u007f'),
  'bytes over 0x7F': fill('\u00ff'),
};

export function run({ quick }) {
  const measured = Object.entries(SHAPES).map(([name, shape]) => measure(name, shape, quick ? 5 : 25));
  const worst = measured.reduce((a, b) => (b.large > a.large ? b : a));
  // A shape that takes next to no time shows only the clock.
  const steepest = measured.filter(({ large }) => large > 0.1).reduce((a, b) => (b.growth > a.growth ? b : a), worst);
  return [
    line({
      label: `parse 64 KiB, worst of ${measured.length} shapes (${worst.name})`,
      ours: `${worst.large.toFixed(2)} ms`,
      how: 'wall time, median of turns',
      value: worst.large,
      limit: 2,
      target: '<= 2 ms',
    }),
    line({
      label: `64 KiB against 16 KiB, steepest shape (${steepest.name})`,
      ours: `${steepest.growth.toFixed(2)} times the time`,
      how: 'wall time, median of turns',
      value: steepest.growth,
      limit: 6,
      target: 'about 4, <= 6',
      others: { 'the worst shape': worst.growth.toFixed(2) },
    }),
  ];
}

function measure(name, shape, rounds) {
  const [small, large] = [shape(16 * KIB), shape(64 * KIB)];
  const contenders = [() => parseChallenges(small), () => parseChallenges(large)];
  takeTurnsSync(contenders, 5);
  const [times16, times64] = takeTurnsSync(contenders, rounds).map((samples) => {
    return summary(samples.map(({ wall }) => wall)).median;
  });
  return { name, large: times64, growth: times64 / times16 };
}

/** Flat strings of a given size, as they come from the wire. */
function fill(piece, start = '') {
  return (size) => Buffer.from(start.padEnd(size, piece), 'latin1').toString('latin1');
}

function numbered(piece, start) {
  return (size) => {
    let text = start;
    for (let i = 0; text.length < size; i += 1) text += piece(i);
    return Buffer.from(text.slice(0, size), 'latin1').toString('latin1');
  };
}
