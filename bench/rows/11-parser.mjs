/** Row 11: the parser against those of others, and who reads two challenges with a comma in a realm. */

import auth from 'auth-header';
import { parseChallenges } from 'axios-challenge/protocol';
import { parseWWWAuthenticateHeader } from 'http-auth-utils';
import wwwAuthenticate from 'www-authenticate';
import { line } from '../lines.mjs';
import { ratios, summary, takeTurnsSync } from '../measure.mjs';

const ONE =
  'Digest realm="Order desk", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", qop="auth", opaque="5ccc069c", algorithm=MD5';
const TWO = 'Basic realm="Tea, and cups", Digest realm="Order desk", nonce="dcd98b7102dd2f0e", qop="auth"';
const WANTED = ['basic Tea, and cups', 'digest Order desk'];
const OPERATIONS = 1000;

/** How each parses, and what it read, as `scheme realm`. */
const PARSERS = {
  'axios-challenge': {
    parse: parseChallenges,
    read: (challenges) => challenges.map(({ scheme, params }) => [scheme, params.realm]),
  },
  'auth-header': {
    parse: auth.parse,
    read: (parsed) => [parsed].flat().map(({ scheme, params }) => [scheme, params.realm]),
  },
  'http-auth-utils': {
    parse: (value) => parseWWWAuthenticateHeader(value),
    read: ({ type, data }) => [[type, data.realm]],
  },
  'www-authenticate': {
    parse: (value) => new wwwAuthenticate.parsers.WWW_Authenticate(value),
    read: ({ scheme, parms }) => [[scheme, parms.realm]],
  },
};

export function run({ quick }) {
  const names = Object.keys(PARSERS);
  const contenders = names.map((name) => repeat(PARSERS[name].parse));
  takeTurnsSync(contenders, 20);
  const samples = takeTurnsSync(contenders, quick ? 40 : 200);
  const faster = samples.map((own) => summary(ratios(own, samples[0])).median);
  const thousands = samples.map((own) => Math.round(OPERATIONS / summary(own.map(({ wall }) => wall)).median));
  const [oursReads, ...othersRead] = names.map((name) => (readsTwo(PARSERS[name]) ? 'yes' : 'no'));
  return [
    line({
      label: 'parse one Digest challenge, thousands per second (ours : theirs)',
      ours: String(thousands[0]),
      how: `wall time, median of ${samples[0].length} rounds`,
      // The time of this parser as a share of that of the fastest other.
      value: 1 / Math.min(...faster.slice(1)),
      limit: 1,
      target: 'ahead of all',
      others: byName(names, (i) => `${thousands[i]} (${faster[i].toFixed(2)})`),
    }),
    line({
      label: 'two challenges in one value, a comma in a realm: both read',
      ours: oursReads,
      how: 'yes or no',
      value: oursReads === 'yes' ? 0 : 1,
      limit: 0,
      target: 'yes',
      others: byName(names, (i) => othersRead[i - 1]),
    }),
  ];
}

function byName(names, write) {
  return Object.fromEntries(names.slice(1).map((name, i) => [name, write(i + 1)]));
}

function repeat(parse) {
  return () => {
    for (let i = 0; i < OPERATIONS; i += 1) parse(ONE);
  };
}

function readsTwo({ parse, read }) {
  try {
    const pairs = read(parse(TWO)).map(([scheme, realm]) => `${scheme.toLowerCase()} ${realm}`);
    return pairs.length === WANTED.length && pairs.every((pair, i) => pair === WANTED[i]);
  } catch {
    return false;
  }
}
