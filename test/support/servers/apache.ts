/** Apache httpd with mod_auth_basic and mod_auth_digest. */

import { area, echoScript } from './content.js';
import { htdigest, htpasswd } from './passwords.js';
import { LOG, launch, type Place, type RunningServer } from './process.js';

const MODULES = '/usr/lib/apache2/modules';
const LOADED = 'mpm_event authn_core authn_file authz_core authz_user auth_basic auth_digest cgi'.split(' ');

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
    command: ({ folder }) => ['apache2', '-d', folder, '-f', `${folder}/httpd.conf`, '-DFOREGROUND'],
  });
}

// No realm of a Digest area has quotes: Apache compares the realm it is sent, unescaped, with its own in escaped form,
// and refuses everyone (AH01788).
function configuration({ folder, port }: Place): string {
  return `
ServerName 127.0.0.1
Listen 127.0.0.1:${port}
DefaultRuntimeDir ${folder}
PidFile ${folder}/pid
ErrorLog ${folder}/${LOG}
User www-data
Group www-data
${LOADED.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`).join('\n')}
DocumentRoot ${folder}/www
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
