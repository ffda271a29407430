/** A key with a certificate for localhost and 127.0.0.1, until 2126. It is here for all to read, and guards nothing. */

const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgBeHo1N00BYGYU30u
WSGLAxm/qHLo/RY28pIFHsWIuNyhRANCAAT3i30RbBuIb1AAumYGpNlNvjaXJIA3
l9gMU87BNW1pMvoGMtzzBNtd9GLT0bG2sqx60y166gi/FwpLOqyoDdXO
-----END PRIVATE KEY-----
`;

const cert = `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUOwx/QP5mr0eyHCifiSrIsAQ0b1UwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNTA0MDIyOFoYDzIxMjYxMTAx
MDQwMjI4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAT3i30RbBuIb1AAumYGpNlNvjaXJIA3l9gMU87BNW1pMvoGMtzzBNtd
9GLT0bG2sqx60y166gi/FwpLOqyoDdXOo28wbTAdBgNVHQ4EFgQU0IrLdLxGTZZu
8DkKBgQ4RXcX+eIwHwYDVR0jBBgwFoAU0IrLdLxGTZZu8DkKBgQ4RXcX+eIwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIhAKv8znHyxTehUK+mALHa8O9wtZUzBM/sZpjpcGgImINSAiAC
LXCfh4s+YE/nXYz6W9em5vp4coJ4y7LS0xW9zZiEmg==
-----END CERTIFICATE-----
`;

/** For a server of a test, and for the client that trusts it. */
export function selfSigned(): { readonly key: string; readonly cert: string } {
  return { key, cert };
}

const edwardsKey = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIM0kaXa96rlwdDuKx4ki1ANMFcxrZ7eMer5OIUwWgdBB
-----END PRIVATE KEY-----
`;

const edwardsCert = `-----BEGIN CERTIFICATE-----
MIIBWzCCAQ2gAwIBAgIUHpQuuGSV79oJ51uM/dnhOqw0SZEwBQYDK2VwMBQxEjAQ
BgNVBAMMCWxvY2FsaG9zdDAgFw0yNjExMzAxNjM2NThaGA8yMTI2MTEwNjE2MzY1
OFowFDESMBAGA1UEAwwJbG9jYWxob3N0MCowBQYDK2VwAyEAzBqkScsQeuENSk0i
piX8CsDTiQ9kmDHDME3PNGbuJ/+jbzBtMB0GA1UdDgQWBBSVZDr8p2hRIPd8XEMd
1byhF9jyaDAfBgNVHSMEGDAWgBSVZDr8p2hRIPd8XEMd1byhF9jyaDAPBgNVHRMB
Af8EBTADAQH/MBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAFBgMrZXADQQCj
2WVoBplhxEwJpmNrjidTNNcjVMNkNPhCYKeTNl2bUI0jBdJABXbkti3Y8QzSZMJA
6MsMiV+50yyKg+S2CbsG
-----END CERTIFICATE-----
`;

/** The same with Ed25519, whose signature has no hash of its own: RFC 5929 §4.1 defines no channel binding for it. */
export function withoutBinding(): { readonly key: string; readonly cert: string } {
  return { key: edwardsKey, cert: edwardsCert };
}
