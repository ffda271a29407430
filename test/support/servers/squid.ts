/** squid, the proxy: one that asks with Basic, or with Digest. */

import { execFileSync } from 'node:child_process';
import { htdigest, htpasswdOf } from './passwords.js';
import { launch, type Place, type RunningServer } from './process.js';

const HELPERS = '/usr/lib/squid';
const REALM = 'Squid Realm';

/** Starts squid with one scheme; a Digest nonce is good for `nonceUses` requests. */
export function squid(scheme: 'basic' | 'digest', nonceUses = 50): Promise<RunningServer> {
  return launch({
    files: (place) => ({
      'squid.conf': configuration(place, scheme, nonceUses),
      htpasswd: scheme === 'basic' ? htpasswdOf(apr1) : '',
      htdigest: htdigest(REALM),
    }),
    command: squidCommand,
  });
}

/** What every squid of these tests has; `role` is what it listens for. */
export function squidHead({ folder, port }: Place, role = `http_port 127.0.0.1:${port}`): string {
  return `${role}
visible_hostname squid.test
pid_filename none
access_log none
cache_log ${folder}/squid.log
cache_store_log none
coredump_dir ${folder}
cache deny all
shutdown_lifetime 0 seconds
pinger_enable off`;
}

/** Lets in who has a credential, and nobody else. */
export const KNOWN_ALONE = `
acl known proxy_auth REQUIRED
http_access deny !known
http_access allow known
http_access deny all`;

/** The name keeps its shared memory apart from that of every other squid here. */
export function squidCommand({ folder, port }: Place): readonly [string, ...string[]] {
  return ['squid', '-N', '-d', '1', '-n', `test${port}`, '-f', `${folder}/squid.conf`];
}

/** Its helper does not read `{SHA}`. */
function apr1(password: string): string {
  return execFileSync('openssl', ['passwd', '-apr1', '-stdin'], { input: password, encoding: 'utf8' }).trim();
}

function configuration({ folder, port }: Place, scheme: 'basic' | 'digest', nonceUses: number): string {
  const program = {
    basic: `${HELPERS}/basic_ncsa_auth ${folder}/htpasswd`,
    digest: `${HELPERS}/digest_file_auth -c ${folder}/htdigest`,
  }[scheme];
  const more = scheme === 'digest' ? `auth_param digest nonce_max_count ${nonceUses}` : '';
  return `
${squidHead({ folder, port })}
auth_param ${scheme} program ${program}
auth_param ${scheme} children 1 startup=1 idle=1
auth_param ${scheme} realm ${REALM}
${more}
${KNOWN_ALONE}
`;
}
