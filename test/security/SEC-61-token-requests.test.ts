/** A request to an issuer goes over TLS or to this machine, follows no redirect, and ends within limits. */

import axios from 'axios';
import { installAuth, staticCredential } from '../../src/index.js';
import { fetchJsonOf } from '../../src/oauth/discovery/fetch-json.js';
import { oauth } from '../../src/oauth/oauth.js';
import { issuerFetch } from '../../src/oauth/protocol/http.js';
import { ask } from '../support/credential-request.js';
import { fakeIssuer, json, type Page, tokens } from '../support/fake-issuer.js';
import { plainServer } from '../support/stage.js';

const job = { clientId: 'job', clientSecret: 'the-secret' };
const request = () => ask({ scheme: 'bearer' });
const get = { method: 'GET', headers: {} };

test.each([
  ['http://id.example', 'beyond this machine'],
  ['http://127.0.0.1.id.example', 'a name that looks like this machine'],
  ['https://alice:pw@id.example', 'userinfo'],
  ['https://id.example/?tenant=1', 'a query'],
  ['https://id.example/#x', 'a fragment'],
  ['ftp://id.example', 'another protocol'],
])('SEC-61 %s is no issuer: %s', (issuer) => {
  expect(() => oauth({ ...job, issuer })).toThrow(expect.objectContaining({ code: 'ERR_AUTH_OPTION' }));
});

test('SEC-61 a secret is not sent in clear text where the metadata says so', async () => {
  const id = await fakeIssuer({}, { token_endpoint: 'http://id.example/token' });
  const sent: string[] = [];
  const http = axios.create({ proxy: false });
  http.interceptors.request.use((config) => {
    sent.push(String(config.url));
    return config;
  });
  const provider = oauth({ ...job, issuer: id.issuer, http });
  await expect(provider.get(request())).rejects.toThrow(/neither https nor on this machine/);
  expect(sent).toEqual([`${id.issuer}/.well-known/oauth-authorization-server`]);
});

test.each([301, 302, 303, 307, 308])('SEC-61 a redirect with %d is not followed', async (status) => {
  const other = await plainServer((_, response) => response.end());
  const redirect: Page = (_, response) => response.writeHead(status, { Location: `${other.url}/token` }).end();
  const id = await fakeIssuer({ '/token': redirect });
  const provider = oauth({ ...job, issuer: id.issuer });
  await expect(provider.get(request())).rejects.toThrow(/redirect .* which is not followed/);
  expect(other.requests).toHaveLength(0);
  const place = '/.well-known/oauth-authorization-server';
  const lost = await fakeIssuer({ [place]: redirect });
  await expect(oauth({ ...job, issuer: lost.issuer }).get(request())).rejects.toThrow(/redirect/);
  expect(other.requests).toHaveLength(0);
});

test('SEC-61 a response of more than 64 KiB is not read', async () => {
  const { url } = await plainServer((_, response) => response.end(Buffer.alloc(64 * 1024 + 1)));
  await expect(issuerFetch(axios.create())(url, get)).rejects.toThrow(/more than 64 KiB/);
  const large = await plainServer((_, response) => response.end(Buffer.alloc(64 * 1024)));
  expect((await issuerFetch(axios.create())(large.url, get)).status).toBe(200);
});

test('SEC-61 a response that comes byte by byte ends in its time', async () => {
  const { url } = await plainServer((_, response) => {
    const timer = setInterval(() => response.write(' '), 5);
    response.on('close', () => clearInterval(timer));
  });
  const limits = { milliseconds: 200, bytes: 64 * 1024 };
  await expect(issuerFetch(axios.create(), limits)(url, get)).rejects.toThrow(/does not answer within 0.2 s/);
  const unresolved = issuerFetch(axios.create(), limits, () => new Promise(() => {}));
  await expect(unresolved(url, get)).rejects.toThrow(/does not answer within 0.2 s/);
});

test('SEC-61 an issuer that says nothing is waited for ten seconds, however impatient the client is', async () => {
  const id = await fakeIssuer({ '/token': (...sent) => setTimeout(() => tokens('late')(...sent), 300) });
  const http = axios.create({ proxy: false, timeout: 50 });
  expect(await oauth({ ...job, issuer: id.issuer, http }).get(request())).toMatchObject({ token: 'late' });
});

test('SEC-61 what a client has for another server is not sent to the issuer', async () => {
  const id = await fakeIssuer({ '/token': tokens('t') });
  const http = axios.create({
    ...{ proxy: false, baseURL: 'https://files.example/api', params: { key: 'k3y' }, maxRedirects: 5 },
    ...{ auth: { username: 'alice', password: 'wonderland' }, allowAbsoluteUrls: false },
    headers: { Authorization: 'Bearer of-another', Cookie: 'sid=1', common: { Authorization: 'Bearer of-another' } },
  });
  await oauth({ ...job, issuer: id.issuer, http }).get(request());
  const [metadata, token] = id.asked;
  expect(metadata?.headers).not.toHaveProperty('authorization');
  expect(metadata?.headers).not.toHaveProperty('cookie');
  expect(token?.headers.authorization).toBe(`Basic ${btoa('job:the%2Dsecret')}`);
  expect(token?.headers).not.toHaveProperty('cookie');
});

test('SEC-61 nor is any field that it adds by default, in a request to the issuer and in a discovery', async () => {
  const { url, requests } = await plainServer((_, response) => response.end());
  const headers = { 'X-Api-Key': 'k3y', common: { 'x-common-key': 'k3y' }, post: { 'X-Post-Key': 'k3y' } };
  const http = axios.create({ proxy: false, headers: { ...headers, get: { 'X-Get-Key': 'k3y' } } });
  const own = { accept: 'application/json', 'content-type': 'text/plain', 'x-common-key': 'own' };
  await issuerFetch(http)(`${url}/token`, { method: 'POST', headers: own });
  await fetchJsonOf(http)(`${url}/metadata`, {});
  const sent = requests.map((one) => one.headers);
  expect(sent).toMatchObject([own, { accept: 'application/json' }]);
  expect(JSON.stringify(sent)).not.toContain('k3y');
});

test('SEC-61 nor are its params', async () => {
  const { url, requests } = await plainServer((_, response) => response.end());
  await issuerFetch(axios.create({ proxy: false, params: { key: 'k3y' } }))(`${url}/token`, get);
  expect(requests.map((one) => one.url)).toEqual(['/token']);
});

test('SEC-61 a challenge of the issuer is not answered by the client that asks it', async () => {
  const page = json({ error: 'invalid_client' }, 401, { 'WWW-Authenticate': 'Basic realm="issuer"' });
  const id = await fakeIssuer({ '/token': page }, { token_endpoint_auth_methods_supported: ['client_secret_post'] });
  const http = axios.create({ proxy: false });
  installAuth(http, { providers: [staticCredential({ username: 'alice', password: 'wonderland' })] });
  await expect(oauth({ ...job, issuer: id.issuer, http }).get(request())).rejects.toThrow(/invalid_client/);
  expect(id.count('/token')).toBe(1);
  expect(id.asked.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
});
