/** The option `assume`, as it is checked. */

import { assumptionOf } from '../../../../src/axios/options/assume.js';

const refusal = (assume: unknown): string => {
  try {
    assumptionOf(assume as never);
  } catch (error) {
    return `${(error as { code: string }).code} ${(error as Error).message}`;
  }
  return 'taken';
};

test.each([
  ['https', 'https://api.example'],
  ['https, on a port', 'https://api.example:8443'],
  ['this machine', 'http://127.0.0.1:3000'],
  ['this machine, by name', 'http://localhost'],
  ['a socket', 'unix:/run/api.sock'],
])('%s is an origin', (_, origin) => {
  const assumption = assumptionOf({ [origin]: 'Bearer' });
  expect(assumption?.known(origin)).toBe('Bearer');
  expect(assumption?.known('https://other.example')).toBeUndefined();
});

test.each([
  ['a path', 'https://api.example/v1', 'did you mean https://api.example?'],
  ['a slash at its end', 'https://api.example/', 'did you mean https://api.example?'],
  ['no scheme', 'api.example', 'did you mean https://api.example?'],
  ['the default port', 'https://api.example:443', 'did you mean https://api.example?'],
  ['capitals', 'https://API.example', 'did you mean https://api.example?'],
  ['http', 'http://api.example', 'did you mean https://api.example?'],
  ['http and a path', 'http://api.example/v1', 'did you mean https://api.example?'],
  ['another scheme', 'ftp://api.example', 'written like https://api.example'],
  ['a pattern', '*', 'written like https://api.example'],
  ['a pattern in a host', 'https://*.example', 'written like https://api.example'],
  ['nothing', '', 'written like https://api.example'],
  ['a password', 'https://alice:s3cret@api.example', 'did you mean https://api.example?'],
])('a key with %s is none', (_, key, said) => {
  expect(refusal({ [key]: 'Bearer' })).toMatch(/^ERR_AUTH_OPTION the option assume /);
  expect(refusal({ [key]: 'Bearer' })).toContain(said);
  expect(refusal({ [key]: 'Bearer' })).not.toContain('s3cret');
});

test.each([
  ['Digest', 'Digest realm="a", nonce="b"', 'only the server can begin a Digest'],
  ['Digest among others', 'Bearer, Digest realm="a", nonce="b"', 'only the server can begin a Digest'],
  ['nothing', '', 'it is no challenge'],
  ['what cannot be read', 'Bearer realm="a', 'it is no challenge'],
  ['no text', 7, 'it is no text'],
])('%s is no challenge that can be assumed', (_, text, said) => {
  expect(refusal({ 'https://api.example': text })).toMatch(/^ERR_AUTH_OPTION the option assume has a challenge /);
  expect(refusal({ 'https://api.example': text })).toContain(said);
});

test.each([[null], ['Bearer'], [['https://api.example']], [7]])('%j is neither a record nor a function', (assume) => {
  expect(refusal(assume)).toMatch(/^ERR_AUTH_OPTION the option assume must be a function, or origins/);
});

test('without it, nothing is assumed', () => {
  expect(assumptionOf(undefined)).toBeUndefined();
});

test('a function sees the header fields by their names in lower case, and nothing inherited', () => {
  const seen: Array<Readonly<Record<string, string>>> = [];
  const assumption = assumptionOf(({ headers }) => {
    seen.push(headers);
    return undefined;
  });
  const target = { origin: 'https://a.example', url: 'https://a.example/', pathname: '/', method: 'GET', uri: '/' };
  const headers = { 'X-Login': 'yes', 'set-cookie': ['a=1', 'b=2'], odd: 7 };
  assumption?.of({ target, status: 401, response: { headers } });
  assumption?.of({ target, status: 401, response: {} });
  expect(seen).toEqual([{ 'x-login': 'yes', 'set-cookie': 'a=1, b=2' }, {}]);
  expect(Object.getPrototypeOf(seen[0])).toBeNull();
});
