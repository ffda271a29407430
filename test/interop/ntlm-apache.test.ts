/** Apache with gss-ntlmssp judges NTLM: who is let in, and that a connection is let in by itself. */

import { hand, Line } from '../support/ntlm-hand.js';
import { apacheNtlm, GSS_NTLMSSP, GSSAPI_MODULE, LAB } from '../support/servers/apache-ntlm.js';
import { meet } from '../support/servers/meet.js';
import { needs } from '../support/servers/process.js';

const both = (name: string, body: () => void) =>
  needs(...GSSAPI_MODULE)(name, () => needs(...GSS_NTLMSSP)('with gss-ntlmssp', body));

both('Apache', () => {
  const { server } = meet(apacheNtlm);

  /** Both messages by hand, on one connection. */
  async function knock(credential: { username: string; password: string }) {
    const line = new Line(`${server.url}/ntlm/hello.txt`);
    const { first, last } = hand(line.url, credential);
    const asked = await line.say(await first());
    const { status } = await line.say(await last(asked.challenge));
    const after = await line.say();
    line.close();
    return [status, after.status];
  }

  test('our messages open a connection, which then needs no authorization', async () => {
    expect(await knock(LAB.alice)).toEqual([200, 200]);
    expect(await knock(LAB.bob)).toEqual([200, 200]);
  });

  test('those of a wrong password do not', async () => {
    expect(await knock({ ...LAB.alice, password: 'wonderland' })).toEqual([401, 401]);
  });
});
