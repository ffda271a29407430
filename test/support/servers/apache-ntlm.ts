/** Apache httpd with mod_auth_gssapi, where gss-ntlmssp judges the messages of NTLM. */

import { area, echoScript } from './content.js';
import { httpdCommand, httpdHead, moduleFile } from './httpd.js';
import { launch, type Place, type RunningServer } from './process.js';

const LOADED = 'mpm_event authn_core authz_core authz_user auth_gssapi cgi';

/** The files that these tests need, each with the package that has it. */
export const GSSAPI_MODULE = [moduleFile('auth_gssapi'), 'libapache2-mod-auth-gssapi'] as const;
export const GSS_NTLMSSP = ['/etc/gss/mech.d/mech.ntlmssp.conf', 'gss-ntlmssp'] as const;

/** Who may enter; gss-ntlmssp reads no `:` in a password, and finds no name beyond ASCII. */
export const LAB = {
  alice: { username: 'LAB\\alice', password: 'wonder land' },
  bob: { username: 'LAB\\bob', password: 'pässwörd €' },
} as const;

/** Starts Apache: `/ntlm/` (with `echo.cgi`), where each connection is authorized by itself, as IIS has it. */
export function apacheNtlm(): Promise<RunningServer> {
  return launch({
    files: (place) => ({
      'httpd.conf': configuration(place),
      'ntlm.users': `${Object.values(LAB)
        .map(({ username, password }) => `${username.replace('\\', ':')}:${password}\n`)
        .join('')}`,
      ...area('ntlm'),
      'www/ntlm/echo.cgi': echoScript,
    }),
    // SPNEGO of the whole machine has NTLM once gss-ntlmssp is installed: nobody's tickets and users but these.
    command: ({ folder, port }) => [
      'env',
      `NTLM_USER_FILE=${folder}/ntlm.users`,
      'NETBIOS_COMPUTER_NAME=LABHOST',
      'NETBIOS_DOMAIN_NAME=LAB',
      `KRB5_KTNAME=FILE:${folder}/none.keytab`,
      `KRB5CCNAME=FILE:${folder}/none.ccache`,
      'LC_ALL=C.UTF-8',
      ...httpdCommand({ folder, port }),
    ],
  });
}

function configuration(place: Place): string {
  return `${httpdHead(place, LOADED)}
KeepAliveTimeout 2
<Files echo.cgi>
  Options +ExecCGI
  SetHandler cgi-script
</Files>
<Location /ntlm/>
  AuthType GSSAPI
  AuthName "Lab"
  GssapiAllowedMech ntlmssp
  GssapiConnectionBound On
  Require valid-user
</Location>
`;
}
