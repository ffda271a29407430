/** What a server says of a refused request, and what of that is shown. */

import type { AxiosResponse } from 'axios';
import { AxiosHeaders } from 'axios';
import { reasonsOf } from '../../../../src/axios/response/reason.js';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const OPAQUE = 'gho_16C7e42F292c6912E7710c838347Ae178B4a';

function said(headers: Record<string, string>, data: unknown = ''): string[] {
  const config = { headers: new AxiosHeaders() };
  return reasonsOf({ status: 401, statusText: '', headers: new AxiosHeaders(headers), data, config } as AxiosResponse);
}

test('the error of a Bearer challenge, where to read more, and the scope', () => {
  const challenge =
    'Bearer error="invalid_token", error_description="It has expired", error_uri="https://login.example/why", scope="read"';
  expect(said({ 'www-authenticate': challenge })).toEqual([
    'invalid_token: It has expired (see https://login.example/why; scope read)',
  ]);
});

test('the title and the detail of a problem document, as an object or as text', () => {
  const problem = { title: 'Not allowed', detail: 'Ask alice' };
  for (const data of [problem, JSON.stringify(problem)])
    expect(said({ 'content-type': 'application/problem+json' }, data)).toEqual(['Not allowed: Ask alice']);
  expect(said({ 'content-type': 'application/json' }, problem)).toEqual([]);
});

test.each([JWT, OPAQUE])('SEC-27 a token that the server repeats is not shown: %.12s', (token) => {
  const challenge = `Bearer error="invalid_token", error_description="The token ${token} has expired"`;
  const problem = { title: 'Refused', detail: `"${token}"` };
  const all = said({ 'www-authenticate': challenge, 'content-type': 'application/problem+json' }, problem);
  expect(all).toEqual(['invalid_token: The token ... has expired', 'Refused: "..."']);
});
