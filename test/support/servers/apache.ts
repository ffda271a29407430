/** Apache httpd with mod_auth_basic and mod_auth_digest. */

import { area, echoScript } from './content.js';
import { httpdCommand, httpdHead } from './httpd.js';
import { htdigest, htpasswd } from './passwords.js';
import { launch, type Place, type RunningServer } from './process.js';

const MODULES = 'mpm_event authn_core authn_file authz_core authz_user auth_basic auth_digest cgi';

/**
 * Starts Apache: `/basic/`, `/basic-quoted/`, `/digest/` (with `echo.cgi`), `/short/` (a nonce lives a second) and
 * `/once/` (a nonce is good for one request).
 */
export function apache(): Promise<RunningServer> {
  return launch({
    files: (place) => ({
      'httpd.conf': configuration(place),
      htpasswd: htpasswd(),
      htdigest: htdigest('Digest Realm', 'Short Realm', 'Once Realm'),
      ...area('basic'),
      ...area('basic-quoted'),
      ...area('digest'),
      ...area('short'),
      ...area('once'),
      'www/digest/echo.cgi': echoScript,
    }),
    command: httpdCommand,
  });
}

// No realm of a Digest area has quotes: Apache compares the realm it is sent, unescaped, with its own in escaped form,
// and refuses everyone (AH01788).
function configuration(place: Place): string {
  return `${httpdHead(place, MODULES)}
<Files echo.cgi>
  Options +ExecCGI
  SetHandler cgi-script
</Files>
${protect('basic', 'Basic', 'Basic Realm')}
${protect('basic-quoted', 'Basic', 'Basic \\"quoted\\" Realm')}
${protect('digest', 'Digest', 'Digest Realm', 'AuthDigestDomain /digest/')}
${protect('short', 'Digest', 'Short Realm', 'AuthDigestNonceLifetime 1')}
${protect('once', 'Digest', 'Once Realm', 'AuthDigestNonceLifetime 0')}
`;
}

function protect(name: string, scheme: 'Basic' | 'Digest', realm: string, more = ''): string {
  return `<Location /${name}/>
  AuthType ${scheme}
  AuthName "${realm}"
  AuthUserFile ${scheme === 'Basic' ? 'htpasswd' : 'htdigest'}
  Require valid-user
  ${more}
</Location>`;
}
