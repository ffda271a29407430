/** Stories for which the HTTP edge is enough: https origins, and hosts of any name. */

import axios from 'axios';
import nock from 'nock';
import { explain, installAuth, staticCredential } from '../../src/index.js';
import { alice, failure, spy } from '../support/stage.js';

const BASIC = 'Basic YWxpY2U6d29uZGVybGFuZA==';

beforeAll(() => nock.disableNetConnect());
afterEach(() => {
  const pending = nock.pendingMocks();
  nock.cleanAll();
  expect(pending).toEqual([]);
});
afterAll(() => nock.restore());

function client(baseURL = 'https://files.example', provider = spy(alice)) {
  const instance = axios.create({ baseURL, proxy: false });
  installAuth(instance, { providers: [provider] });
  return instance;
}

test('Basic goes over https', async () => {
  nock('https://files.example').get('/a').reply(401, '', { 'WWW-Authenticate': 'Basic realm="Files"' });
  nock('https://files.example').get('/a').matchHeader('authorization', BASIC).reply(200, 'in');
  expect((await client().get('/a')).data).toBe('in');
});

test.each(['basic realm="x"', 'BASIC REALM="x"', 'Negotiate, Basic realm="a, b"', 'Basic\trealm=x', 'Basic'])(
  '%s is understood',
  async (challenge) => {
    nock('https://files.example').get('/').reply(401, '', { 'WWW-Authenticate': challenge });
    nock('https://files.example').get('/').matchHeader('authorization', BASIC).reply(200);
    expect((await client().get('/')).status).toBe(200);
  },
);

test.each([
  ['another host', 'https://other.example'],
  ['a subdomain', 'https://www.files.example'],
  ['another port', 'https://files.example:8443'],
  ['plain http', 'http://files.example'],
])('a redirect to %s does not carry the header, and its challenge is not answered', async (_, target) => {
  nock('https://files.example').get('/a').reply(401, '', { 'WWW-Authenticate': 'Basic' });
  nock('https://files.example')
    .get('/a')
    .matchHeader('authorization', BASIC)
    .reply(302, '', { Location: `${target}/b` });
  nock(target, { badheaders: ['authorization'] })
    .get('/b')
    .reply(401, 'no', { 'WWW-Authenticate': 'Basic' });
  const error = await failure(client().get('/a'));
  expect(error.response?.data).toBe('no');
  expect(explain(error)).toContain('ERR_AUTH_ORIGIN');
});

test('a password is not sent to http://, and no provider is asked for it', async () => {
  const provider = spy(alice);
  nock('http://files.example').get('/').reply(401, '', { 'WWW-Authenticate': 'Basic realm="Files"' });
  const error = await failure(client('http://files.example', provider).get('/'));
  expect(explain(error)).toContain('would send the password in the clear to http://files.example');
  expect(provider.asked).toEqual([]);
});

test('a credential for one origin stays there', async () => {
  const instance = axios.create({ proxy: false });
  installAuth(instance, { providers: [staticCredential(alice, { origin: 'https://files.example' })] });
  nock('https://files.example.evil').get('/').reply(401, '', { 'WWW-Authenticate': 'Basic' });
  const error = await failure(instance.get('https://files.example.evil/'));
  expect(explain(error)).toContain('is for https://files.example, not this origin');
});
