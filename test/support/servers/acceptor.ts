/** An https server that binds NTLM to its certificate, as a server with Extended Protection does: GSSAPI by Python. */

import { fileURLToPath } from 'node:url';
import { selfSigned } from '../tls.js';
import { LAB } from './apache-ntlm.js';
import { launch, type RunningServer } from './process.js';

const PROGRAM = fileURLToPath(new URL('acceptor.py', import.meta.url));

/** Python's binding of GSSAPI, which these tests need, and the package that has it. */
export const PYTHON_GSSAPI = ['/usr/lib/python3/dist-packages/gssapi/__init__.py', 'python3-gssapi'] as const;

/** Starts it; it answers `bound`, or `not bound`, to who is let in. Its `url` is that of a plain server: see `origin`. */
export async function acceptor(): Promise<RunningServer & { readonly origin: string }> {
  const { cert, key } = selfSigned();
  const { username, password } = LAB.alice;
  const running = await launch({
    files: () => ({ 'cert.pem': cert, 'key.pem': key, 'ntlm.users': `${username.replace('\\', ':')}:${password}\n` }),
    // Debian's own, which has the binding.
    command: ({ folder, port }) => [
      'env',
      `NTLM_USER_FILE=${folder}/ntlm.users`,
      'NETBIOS_COMPUTER_NAME=LABHOST',
      'NETBIOS_DOMAIN_NAME=LAB',
      `KRB5CCNAME=FILE:${folder}/none.ccache`,
      ...['/usr/bin/python3', PROGRAM, `${port}`, `${folder}/cert.pem`, `${folder}/key.pem`],
    ],
  });
  return { ...running, origin: running.url.replace('http:', 'https:') };
}
