/** Apache httpd with mod_auth_gssapi, the judge of Negotiate, in a realm of the test's own. */

import { area } from './content.js';
import { httpdCommand, httpdHead } from './httpd.js';
import type { Realm } from './kdc.js';
import { launch, type Place, type RunningServer } from './process.js';

const LOADED = 'mpm_event authn_core authz_core authz_user auth_gssapi headers';

/** What each area says beside `AuthType GSSAPI`. */
const AREAS = {
  // Each request by itself.
  gss: 'GssapiAllowedMech krb5',
  // As IIS has it.
  bound: 'GssapiAllowedMech krb5\n  GssapiConnectionBound On\n  GssapiSignalPersistentAuth On',
  nopersist: 'GssapiAllowedMech krb5\n  GssapiSignalPersistentAuth On',
  // Kerberos, and NTLM inside SPNEGO.
  any: 'GssapiConnectionBound On\n  GssapiSignalPersistentAuth On',
  // Basic beside it, for those without a ticket.
  both: 'GssapiAllowedMech krb5\n  GssapiBasicAuth On\n  GssapiBasicAuthMech krb5',
} as const;

/** Starts it; its URL has the name of its service, `localhost`. */
export async function apacheGssapi(realm: Realm): Promise<RunningServer> {
  const { folder: home } = realm;
  const running = await launch({
    files: (place) => ({
      'httpd.conf': configuration(place),
      'ntlm.users': 'LAB:alice:wonderland\n',
      ...Object.assign({}, ...Object.keys(AREAS).map(area)),
    }),
    // No GssapiCredStore: gss-ntlmssp 1.2.0 frees a context that it has not begun.
    command: ({ folder, port }) => [
      'env',
      `KRB5_CONFIG=${home}/krb5.conf`,
      `KRB5_KTNAME=FILE:${home}/http.keytab`,
      `KRB5RCACHENAME=file2:${home}/run/rcache`,
      `KRB5CCNAME=FILE:${home}/none.ccache`,
      `NTLM_USER_FILE=${folder}/ntlm.users`,
      'NETBIOS_COMPUTER_NAME=LABHOST',
      'NETBIOS_DOMAIN_NAME=LAB',
      'LC_ALL=C.UTF-8',
      ...httpdCommand({ folder, port }),
    ],
  });
  return { ...running, url: running.url.replace('127.0.0.1', 'localhost') };
}

function configuration(place: Place): string {
  return `${httpdHead(place, LOADED, 'localhost')}
Header always set X-User "expr=%{REMOTE_USER}"
${Object.entries(AREAS)
  .map(([name, options]) => locationOf(name, options))
  .join('')}`;
}

function locationOf(name: string, options: string): string {
  return `
<Location /${name}/>
  AuthType GSSAPI
  AuthName "Lab"
  ${options}
  Require valid-user
</Location>
`;
}
