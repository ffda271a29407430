/** What a failed TLS connection means, and what can be done about it. */

/** A failure in words. */
export interface TlsFailure {
  readonly reason: string;
  readonly remedy: string;
}

const TRUST = 'add the authority that signed the certificate: NODE_EXTRA_CA_CERTS=/path/to/ca.pem';

const FAILURES: ReadonlyArray<readonly [codes: RegExp, failure: TlsFailure]> = [
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY|GET)_\w+|CERT_UNTRUSTED)$/,
    { reason: 'no authority that is trusted here has signed the certificate of the server', remedy: TRUST },
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    {
      reason: 'the certificate of the server is for another host name',
      remedy: 'use a host name that the certificate contains, or have the server send the right certificate',
    },
  ],
  [
    /^CERT_HAS_EXPIRED$/,
    {
      reason: 'the certificate of the server has expired',
      remedy: 'have the certificate renewed, or check the clock of this machine',
    },
  ],
  [
    /^CERT_NOT_YET_VALID$/,
    { reason: 'the certificate of the server is not valid yet', remedy: 'check the clock of this machine' },
  ],
  [
    /^(EPROTO|ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG))$/,
    {
      reason: 'the TLS handshake failed: what listens on that port may not speak TLS',
      remedy: 'check the port, or use http:// if the server speaks no TLS',
    },
  ],
];

/** `undefined` for a code that does not come from TLS. */
export function tlsFailure(code: string | undefined): TlsFailure | undefined {
  return code === undefined ? undefined : FAILURES.find(([codes]) => codes.test(code))?.[1];
}
