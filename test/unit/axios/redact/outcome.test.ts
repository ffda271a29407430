/** What a send returned, without its credentials: wherever an adapter keeps them. */

import type { AxiosError } from 'axios';
import { conceal } from '../../../../src/axios/redact/outcome.js';
import { configOf } from '../../../support/axios-config.js';
import { search } from '../../../support/reach.js';
import { bare, plainServer } from '../../../support/stage.js';

const SECRET = 'czNjcmV0';
const VALUE = `Basic ${SECRET}`;
const given = configOf({ headers: { Authorization: VALUE } });
const failed = (error: unknown) => ({ ok: false, error }) as const;

test.each([200, 401])('a response with the status %i, or its error, leads to no credential', async (status) => {
  const seen: unknown[] = [];
  const { url } = await plainServer(({ headers }, response) => {
    seen.push(headers.authorization);
    response.writeHead(status).end();
  });
  const sending = bare(url).get('/', { headers: { Authorization: VALUE } });
  const error = await sending.catch((reason: AxiosError) => reason);
  const response = 'response' in error ? error.response : error;
  expect(search({ request: response?.request }, [SECRET]).found).not.toEqual([]);
  conceal('response' in error ? failed(error) : { ok: true, response: error as never }, given);
  expect(search({ request: response?.request }, [SECRET]).found).toEqual([]);
  expect(response?.request.getHeader('authorization')).toBe('Basic [hidden]');
  expect(seen).toEqual([VALUE]);
});

const HIDDEN = 'Basic [hidden]';

test.each<[string, () => object, object]>([
  ['a Request of fetch', () => ({ headers: { authorization: VALUE } }), { headers: { authorization: HIDDEN } }],
  ['a stream of HTTP/2', () => ({ sentHeaders: { authorization: VALUE } }), { sentHeaders: { authorization: HIDDEN } }],
  ['the URL that answered', () => ({ responseURL: 'http://a:p@h/' }), { responseURL: 'http://h/' }],
  ['the URL of its response', () => ({ res: { responseUrl: 'http://a:p@h/' } }), { res: { responseUrl: 'http://h/' } }],
])('hidden in the request: %s', (_, made, expected) => {
  const [own, ofStream, ofError] = [made(), made(), made()];
  conceal({ ok: true, response: { request: own, data: { req: ofStream } } as never }, given);
  conceal(failed({ request: ofError }), given);
  expect([own, ofStream, ofError]).toEqual([expected, expected, expected]);
});

test('a Request of fetch has real Headers', () => {
  const request = new Request('http://h/', { headers: { Authorization: VALUE } });
  conceal(failed({ request }), given);
  expect(request.headers.get('authorization')).toBe(HIDDEN);
});

test('an error and its causes refer to the config of the caller, which stays as it is', () => {
  const cause = { config: configOf({ headers: { Authorization: VALUE } }) };
  const error = { config: configOf(), cause: { cause } };
  conceal(failed(error), given);
  expect(error.config).toBe(given);
  expect(cause.config).toBe(given);
  expect(given.headers.Authorization).toBe(VALUE);
});

test('the fields of the caller are not changed, where an adapter hands them on', () => {
  conceal({ ok: true, response: { request: { headers: given.headers } } as never }, given);
  expect(given.headers.Authorization).toBe(VALUE);
});

test('the URL that Node calls invalid loses its userinfo', () => {
  let error: unknown;
  try {
    new URL('http://alice:s3cret@h:port/');
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ input: 'http://alice:s3cret@h:port/' });
  conceal(failed(error), given);
  expect(error).toMatchObject({ input: 'http://h:port/' });
});

test('what an adapter has frozen is left alone', () => {
  const request = Object.freeze({ responseURL: 'http://a:p@h/' });
  expect(() => conceal(failed(Object.freeze({ request })), given)).not.toThrow();
});

test('causes that lead in a circle are followed a few steps', () => {
  let steps = 0;
  const error = {
    get cause(): object {
      steps += 1;
      return error;
    },
  };
  conceal(failed(error), given);
  expect(steps).toBeLessThan(20);
});
