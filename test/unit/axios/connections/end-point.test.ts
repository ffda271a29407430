/** The channel binding of a certificate, against what openssl and Python compute of certificates that openssl made. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { endPoint, endPointOf } from '../../../../src/axios/connections/binding/end-point.js';
import { signatureHash } from '../../../../src/axios/connections/binding/signature.js';
import { selfSigned } from '../../../support/tls.js';

interface Made {
  readonly name: string;
  readonly signature: string | null;
  readonly der: string;
  readonly hash: string | null;
}

const { certificates } = JSON.parse(
  readFileSync(new URL('../../../vectors/certificates.json', import.meta.url), 'utf8'),
) as { readonly certificates: readonly Made[] };

const derOf = ({ der }: Made) => Buffer.from(der, 'base64');

test.each(certificates.map((made) => [made.name, made] as const))('%s: the hash of its signature', (_, made) => {
  expect(signatureHash(derOf(made)) ?? null).toBe(made.signature);
});

test.each(certificates.map((made) => [made.name, made] as const))('%s: the binding', (_, made) => {
  const binding = endPointOf(derOf(made));
  const prefix = Buffer.from('tls-server-end-point:').toString('hex');
  expect(binding === undefined ? null : Buffer.from(binding).toString('hex')).toBe(made.hash && prefix + made.hash);
});

test('what is cut off anywhere, or has a length that lies, is no certificate', () => {
  const [made] = certificates as [Made];
  const der = derOf(made);
  const cut = Array.from({ length: der.length }, (_, length) => signatureHash(der.subarray(0, length)));
  expect(cut.filter((hash) => hash !== undefined)).toEqual([]);
  for (const length of [0x80, 0x85, 0xff]) {
    const lying = Buffer.from(der);
    lying[1] = length;
    expect(signatureHash(lying)).toBeUndefined();
  }
});

test('a binding comes of the certificate of the socket, as often as it is asked for, and of TLS alone', async () => {
  const server = tls.createServer(selfSigned(), (socket) => socket.resume());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { cert } = selfSigned();
  const socket = tls.connect({ port, host: '127.0.0.1', ca: cert, servername: 'localhost' });
  await new Promise<void>((resolve) => socket.once('secureConnect', resolve));
  const der = Buffer.from(cert.replace(/-----.*-----|\s/g, ''), 'base64');
  // It is signed with ECDSA and SHA-256.
  const hash = createHash('sha256').update(der).digest();
  const bindings = [endPoint(socket), endPoint(socket)].map((one) => Buffer.from(one ?? []).toString('latin1'));
  expect(bindings).toEqual(Array(2).fill(`tls-server-end-point:${hash.toString('latin1')}`));
  expect(endPoint(new net.Socket())).toBeUndefined();
  socket.destroy();
  server.close();
});
