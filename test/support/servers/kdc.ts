/** A Kerberos realm of a test's own: a KDC on a free port of 127.0.0.1, a few accounts, and the keytab of a server. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { find, launch, type Place, type RunningServer } from './process.js';

const run = promisify(execFile);

/** The files that these tests need, each with the package that has it. */
export const KDC = ['krb5kdc', 'krb5-kdc krb5-admin-server krb5-user'] as const;

export const REALM = 'LAB.TEST';
/** Who may enter. */
export const ACCOUNTS = { alice: 'wonder land', bob: 'builder' } as const;

/** A realm that runs until it is closed. */
export interface Realm extends RunningServer {
  readonly folder: string;
  /** What a program needs in its environment to be of this realm, with the tickets of a cache. */
  environment(cache: string): Record<string, string>;
  /** Gets the ticket of an account, into a cache of that name. */
  kinit(account: keyof typeof ACCOUNTS, cache: string, ...options: string[]): Promise<void>;
}

/** Starts it: `HTTP/localhost` is its one service, with the key in `http.keytab`. */
export async function kdc(): Promise<Realm> {
  let folder = '';
  const server = await launch({
    files: (place) => {
      folder = place.folder;
      return { 'krb5.conf': client(place), 'kdc.conf': configuration(place), 'create.sh': creation(place) };
    },
    command: () => ['sh', `${folder}/create.sh`],
  });
  const environment = (cache: string) => ({
    KRB5_CONFIG: `${folder}/krb5.conf`,
    KRB5CCNAME: `FILE:${folder}/${cache}`,
    NTLM_USER_FILE: `${folder}/none.ntlm`,
  });
  const kinit = async (account: keyof typeof ACCOUNTS, cache: string, ...options: string[]) => {
    const env = { ...process.env, ...environment(cache) };
    const running = run(find('kinit') ?? 'kinit', [...options, `${account}@${REALM}`], { env });
    running.child.stdin?.end(`${ACCOUNTS[account]}\n`);
    await running;
  };
  return { ...server, folder, environment, kinit };
}

// No name is to be looked up. A realm in one line is not understood.
function client({ port }: Place): string {
  return `
[libdefaults]
  default_realm = ${REALM}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  udp_preference_limit = 1
[realms]
  ${REALM} = {
    kdc = 127.0.0.1:${port}
  }
[domain_realm]
  localhost = ${REALM}
  127.0.0.1 = ${REALM}
`;
}

function configuration({ folder, port }: Place): string {
  return `
[kdcdefaults]
  kdc_listen = ""
  kdc_tcp_listen = 127.0.0.1:${port}
[realms]
  ${REALM} = {
    database_name = ${folder}/principal
    key_stash_file = ${folder}/stash
    acl_file = ${folder}/none.acl
    max_life = 1h
  }
`;
}

function creation({ folder }: Place): string {
  const admin = (query: string) => `kadmin.local -r ${REALM} -q '${query}'`;
  return [
    'set -e',
    'export PATH="$PATH:/usr/sbin:/usr/local/sbin"',
    `export KRB5_CONFIG=${folder}/krb5.conf KRB5_KDC_PROFILE=${folder}/kdc.conf`,
    `mkdir -m 1777 ${folder}/run`,
    `[ -f ${folder}/principal ] || {`,
    `kdb5_util create -r ${REALM} -s -P master`,
    ...Object.entries(ACCOUNTS).map(([name, password]) => admin(`addprinc -pw "${password}" ${name}`)),
    admin('addprinc -randkey HTTP/localhost'),
    admin(`ktadd -k ${folder}/http.keytab HTTP/localhost`),
    `chmod 644 ${folder}/http.keytab`,
    '}',
    `exec krb5kdc -n -r ${REALM}`,
    '',
  ].join('\n');
}
