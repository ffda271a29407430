/** Reads which hash a certificate is signed with (RFC 5280 §4.1.1.2). */

const SEQUENCE = 0x30;
const OBJECT_IDENTIFIER = 0x06;
/** `[0] hashAlgorithm` of RSASSA-PSS-params (RFC 4055 §3.1). */
const PSS_HASH = 0xa0;

/** An element of DER: its tag, and where its content lies. */
interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The name of the hash in a certificate's signature, as Node knows it; `undefined` for a signature without one (Ed25519),
 * for one that is not known, and for what is no certificate.
 *
 * @param der - the certificate
 */
export function signatureHash(der: Uint8Array): string | undefined {
  const certificate = elementAt(der, 0, der.length, SEQUENCE);
  const signed = certificate && elementAt(der, certificate.start, certificate.end, SEQUENCE);
  const algorithm = signed && elementAt(der, signed.end, certificate.end, SEQUENCE);
  const named = algorithm && elementAt(der, algorithm.start, algorithm.end, OBJECT_IDENTIFIER);
  if (!named) return undefined;
  const name = text(der, named);
  return name === PSS ? pssHash(der, named.end, algorithm.end) : HASHES[name];
}

/** RFC 4055 §3.1: SHA-1 where the parameters name no hash. */
function pssHash(der: Uint8Array, from: number, to: number): string | undefined {
  const parameters = elementAt(der, from, to, SEQUENCE);
  const hash = parameters && elementAt(der, parameters.start, parameters.end, PSS_HASH);
  if (!hash) return 'sha1';
  const algorithm = elementAt(der, hash.start, hash.end, SEQUENCE);
  const named = algorithm && elementAt(der, algorithm.start, algorithm.end, OBJECT_IDENTIFIER);
  return named && HASHES[text(der, named)];
}

/** The element at a place, if it has that tag and ends within the limit. */
function elementAt(der: Uint8Array, at: number, limit: number, tag: number): Element | undefined {
  const [found, first] = [der[at], der[at + 1]];
  if (found !== tag || first === undefined || at + 2 > limit) return undefined;
  let [start, length] = [at + 2, first];
  if (first > 0x7f) {
    const size = first & 0x7f;
    // No certificate is longer than 4 bytes can say; 0 is the indefinite length, which DER does not have.
    if (size === 0 || size > 4) return undefined;
    length = 0;
    for (const byte of der.subarray(start, start + size)) length = length * 256 + byte;
    start += size;
  }
  const end = start + length;
  return end <= limit ? { tag, start, end } : undefined;
}

function text(der: Uint8Array, { start, end }: Element): string {
  return Buffer.from(der.subarray(start, end)).toString('hex');
}

const PSS = '2a864886f70d01010a';

/** By the content of the object identifier, in hex. */
const HASHES: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  // 1.2.840.113549.1.1.x (RFC 8017)
  '2a864886f70d010104': 'md5',
  '2a864886f70d010105': 'sha1',
  '2a864886f70d01010e': 'sha224',
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a864886f70d01010f': 'sha512-224',
  '2a864886f70d010110': 'sha512-256',
  // 1.2.840.10045.4.x (RFC 5758)
  '2a8648ce3d0401': 'sha1',
  '2a8648ce3d040301': 'sha224',
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
  // 1.2.840.10040.4.3, 2.16.840.1.101.3.4.3.x (DSA; SHA-3 with ECDSA and RSA)
  '2a8648ce380403': 'sha1',
  '608648016503040301': 'sha224',
  '608648016503040302': 'sha256',
  '608648016503040303': 'sha384',
  '608648016503040304': 'sha512',
  '608648016503040309': 'sha3-224',
  '60864801650304030a': 'sha3-256',
  '60864801650304030b': 'sha3-384',
  '60864801650304030c': 'sha3-512',
  '60864801650304030d': 'sha3-224',
  '60864801650304030e': 'sha3-256',
  '60864801650304030f': 'sha3-384',
  '608648016503040310': 'sha3-512',
  // The hashes themselves, as RSASSA-PSS names them.
  '2b0e03021a': 'sha1',
  '608648016503040201': 'sha256',
  '608648016503040202': 'sha384',
  '608648016503040203': 'sha512',
  '608648016503040204': 'sha224',
  '608648016503040205': 'sha512-224',
  '608648016503040206': 'sha512-256',
});
