/** A server that binds NTLM to its certificate (RFC 5929 §4): GSSAPI says whether it took our message for bound. */

import { createHash, X509Certificate } from 'node:crypto';
import { Agent } from 'node:https';
import axios from 'axios';
import { installAuth, staticCredential } from '../../src/index.js';
import { ntlm } from '../../src/ntlm.js';
import { hand, Line } from '../support/ntlm-hand.js';
import { acceptor, PYTHON_GSSAPI } from '../support/servers/acceptor.js';
import { GSS_NTLMSSP, LAB } from '../support/servers/apache-ntlm.js';
import { needs } from '../support/servers/process.js';
import { selfSigned } from '../support/tls.js';

const both = (name: string, body: () => void) =>
  needs(...PYTHON_GSSAPI)(name, () => needs(...GSS_NTLMSSP)('with gss-ntlmssp', body));

both('an acceptor with channel bindings', () => {
  let server: Awaited<ReturnType<typeof acceptor>>;

  beforeAll(async () => {
    server = await acceptor();
  });

  afterAll(() => server.close());

  const endPoint = (der: Uint8Array) =>
    Buffer.concat([Buffer.from('tls-server-end-point:'), createHash('sha256').update(der).digest()]);
  const right = endPoint(new X509Certificate(selfSigned().cert).raw);
  const wrong = endPoint(Buffer.from('the certificate of a machine in the middle'));

  async function knock(binding: Uint8Array, credential: { username: string; password: string } = LAB.alice) {
    const line = new Line(`${server.origin}/`);
    const { first, last } = hand(line.url, credential, binding);
    const asked = await line.say(await first());
    const { status, body } = await line.say(await last(asked.challenge));
    line.close();
    return [status, body];
  }

  test('takes the requests of a client for bound', async () => {
    const httpsAgent = new Agent({ ca: selfSigned().cert });
    const client = axios.create({ proxy: false, httpsAgent });
    const { origin } = server;
    const handle = installAuth(client, {
      schemes: [ntlm({ origins: [origin] })],
      providers: [staticCredential(LAB.alice, { origin })],
    });
    for (let i = 0; i < 2; i += 1) expect((await client.get(`${origin}/`)).data).toBe('bound');
    handle.eject();
    httpsAgent.destroy();
  });

  test('takes our message for bound', async () => {
    expect(await knock(right)).toEqual([200, 'bound']);
  });

  test('does not take one that was bound to another certificate', async () => {
    expect(await knock(wrong)).toEqual([401, 'who is it?']);
  });

  test('does not take a wrong password', async () => {
    expect(await knock(right, { ...LAB.alice, password: 'wonderland' })).toEqual([401, 'who is it?']);
  });
});
