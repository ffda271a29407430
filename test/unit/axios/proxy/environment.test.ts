/** The proxy that the environment names: which one every version of axios uses, and which ones some version may. */

import { certainProxy, possibleProxies } from '../../../../src/axios/proxy/environment.js';
import { withoutProxyVariables } from '../../../support/environment.js';

withoutProxyVariables();

const HTTP = 'http://files.example';
const HTTPS = 'https://files.example';
const P = 'http://proxy.example:3128';
const Q = 'http://other.example:3128';

type Row = readonly [
  variables: Record<string, string>,
  origin: string,
  certain: string | undefined,
  possible: string[],
];

const check = (variables: Record<string, string>, origin: string) => {
  Object.assign(process.env, variables);
  return { certain: certainProxy(origin), possible: possibleProxies(origin) };
};

test.each<Row>([
  [{}, HTTP, undefined, []],
  [{ http_proxy: P }, HTTP, P, [P]],
  [{ HTTP_PROXY: P }, HTTP, P, [P]],
  [{ http_proxy: P }, HTTPS, undefined, []],
  [{ https_proxy: P }, HTTPS, P, [P]],
  [{ all_proxy: P }, HTTPS, P, [P]],
  [{ https_proxy: P, all_proxy: Q }, HTTPS, P, [P, Q]],
  [{ http_proxy: '', HTTP_PROXY: P }, HTTP, P, [P]],
  [{ http_proxy: 'proxy.example:3128' }, HTTP, P, [P]],
  // proxy-from-env of axios up to 1.15 reads these; later versions do not.
  [{ npm_config_http_proxy: P }, HTTP, undefined, [P]],
  [{ http_proxy: P, npm_config_proxy: Q }, HTTP, undefined, [P, Q]],
  [{ http_proxy: P, npm_config_proxy: P }, HTTP, P, [P, P]],
])('%j, for %s: for certain %s', (variables, origin, certain, possible) => {
  expect(check(variables, origin)).toEqual({ certain, possible });
});

type Bypass = readonly [list: string, origin: string, certain: string | undefined, isPossible: boolean];

test.each<Bypass>([
  ['', HTTP, P, true],
  ['files.example', HTTP, undefined, false],
  ['FILES.example', HTTP, undefined, false],
  ['*', HTTP, undefined, false],
  ['.example', HTTP, undefined, false],
  ['*.example', HTTP, undefined, false],
  ['one.example, files.example', HTTP, undefined, false],
  ['files.example:80', HTTP, undefined, false],
  ['files.example:8080', HTTP, P, true],
  ['files.example:443', 'https://files.example', undefined, false],
  ['other.example', HTTP, P, true],
  // Some versions know these, and some do not.
  ['example', HTTP, undefined, true],
  ['localhost', 'http://127.0.0.1', undefined, true],
  ['10.0.0.0/8', 'http://10.1.2.3', undefined, true],
  ['files.example.', HTTP, undefined, true],
])('NO_PROXY=%s, for %s: for certain %s, possibly one: %s', (list, origin, certain, isPossible) => {
  const { possible, ...rest } = check({ all_proxy: P, no_proxy: list }, origin);
  expect([rest.certain, possible.length > 0]).toEqual([certain, isPossible]);
});

test("npm's list counts in some versions", () => {
  const variables = { http_proxy: P, npm_config_no_proxy: 'files.example' };
  expect(check(variables, HTTP)).toEqual({ certain: undefined, possible: [P] });
  expect(check({ no_proxy: 'files.example' }, HTTP)).toEqual({ certain: undefined, possible: [] });
});
