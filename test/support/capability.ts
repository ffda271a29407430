/** What an older axios cannot do: a test of it is expected to fail there, and says why. */

import axios from 'axios';

/** What an axios may lack. */
export type Capability = keyof typeof CAPABILITIES;

type Version = readonly [major: number, minor: number, patch: number];

const CAPABILITIES = {
  'tell who answered a fetch': {
    since: [1, 12, 0],
    lacking: 'its fetch adapter takes no fetch of ours, and hides whether it was redirected',
  },
  'speak HTTP/2': { since: [1, 13, 0], lacking: 'it has no httpVersion' },
  'keep the boundary of a form that it fetches': {
    since: [1, 21, 0],
    lacking: 'a FormData has a new one at every send',
  },
  'open a tunnel': {
    since: [1, 16, 0],
    lacking: 'it asks the proxy itself for what is at an https origin',
  },
  'take sensitive headers away': {
    since: [1, 18, 0],
    lacking: 'it has no sensitiveHeaders',
  },
  'read its own options only': {
    since: [1, 15, 2],
    lacking: 'it reads Object.prototype where a config has no such property, and fails by itself',
  },
} as const satisfies Record<string, { since: Version; lacking: string }>;

/**
 * `test`, when the axios of this run can do it. Otherwise `test.failing`: should the test pass after all, the run fails,
 * so that nothing is called impossible that is not.
 */
export function axiosCan(what: Capability): jest.It {
  return lacks(what) ? (test.failing as jest.It) : test;
}

/** `test`, or `test.skip`: for tables of which an older axios can do some rows and not others. */
export function ifAxiosCan(what: Capability): jest.It {
  return lacks(what) ? test.skip : test;
}

/** For the tables that are gone through with this adapter as well. */
export function answering(adapter: string): jest.It {
  return adapter === 'fetch' ? ifAxiosCan('tell who answered a fetch') : test;
}

function lacks(what: Capability): boolean {
  const { since, lacking } = CAPABILITIES[what];
  if (!isBefore(axios.VERSION, since)) return false;
  process.stderr.write(`axios ${axios.VERSION} cannot ${what}: ${lacking}\n`);
  return true;
}

function isBefore(version: string, [major, minor, patch]: Version): boolean {
  const [a = 0, b = 0, c = 0] = version.split('.').map(Number);
  return a !== major ? a < major : b !== minor ? b < minor : c < patch;
}
