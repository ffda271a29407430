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
