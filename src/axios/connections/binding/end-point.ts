/** The channel binding `tls-server-end-point` of a connection (RFC 5929 §4). */

import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { signatureHash } from './signature.js';

const PREFIX = Buffer.from('tls-server-end-point:', 'latin1');

/**
 * The binding for a certificate; `undefined` where RFC 5929 defines none, because its signature has no hash of its own.
 *
 * @param der - the server's certificate
 */
export function endPointOf(der: Uint8Array): Uint8Array | undefined {
  const hash = signatureHash(der);
  if (hash === undefined) return undefined;
  // RFC 5929 §4.1: SHA-256 in place of these two.
  const used = hash === 'md5' || hash === 'sha1' ? 'sha256' : hash;
  try {
    return Buffer.concat([PREFIX, createHash(used).update(der).digest()]);
  } catch {
    // A Node whose OpenSSL does not have this hash.
    return undefined;
  }
}

/** The binding of a socket, once its TLS handshake is over; `undefined` without TLS. */
export function endPoint(socket: Socket): Uint8Array | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  // Not getPeerX509Certificate(), which gives the certificate only once on Node 20.
  const { raw } = socket.getPeerCertificate() ?? {};
  return raw && endPointOf(raw);
}
