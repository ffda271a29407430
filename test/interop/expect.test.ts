/** `Expect: 100-continue` with Apache, which answers 401 to the head alone. */

import { Readable } from 'node:stream';
import { apache } from '../support/servers/apache.js';
import { clientFor } from '../support/servers/client.js';
import { meet } from '../support/servers/meet.js';
import { alice } from '../support/servers/passwords.js';
import { needs } from '../support/servers/process.js';

needs('apache2', 'apache2')('Apache', () => {
  const { server, wire } = meet(apache);

  test.each([0, 5])(
    'takes a stream that can be read once, with the second send (maxRedirects %d)',
    async (maxRedirects) => {
      const bytes = Buffer.from(Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 7) % 253));
      const config = { headers: { Expect: '100-continue' }, responseType: 'arraybuffer', maxRedirects } as const;
      const stream = Readable.from([bytes.subarray(0, 1), bytes.subarray(1)]);
      const { data } = await clientFor(server.url, alice).post(`${server.url}/digest/echo.cgi`, stream, config);

      expect(bytes.equals(data)).toBe(true);
      expect(wire.statuses).toEqual([401, 200]);
    },
  );
});
