/** lighttpd with mod_auth: Digest with SHA-256, two challenges in one response, and userhash. */

import { area, echoScript } from './content.js';
import { htdigestWithUserhash } from './passwords.js';
import { LOG, launch, type Place, type RunningServer } from './process.js';

const REALM = 'Lighttpd Realm';

/** Starts lighttpd: `/basic/`, `/digest-md5/`, `/digest-sha256/` (with `echo.cgi`), `/digest-both/`, `/digest-userhash/`. */
export function lighttpd(): Promise<RunningServer> {
  return launch({
    files: (place) => ({
      'lighttpd.conf': configuration(place),
      htdigest: htdigestWithUserhash(REALM),
      ...area('basic'),
      ...area('digest-md5'),
      ...area('digest-sha256'),
      ...area('digest-both'),
      ...area('digest-userhash'),
      'www/digest-sha256/echo.cgi': echoScript,
    }),
    command: ({ folder }) => ['lighttpd', '-D', '-f', `${folder}/lighttpd.conf`],
  });
}

function configuration({ folder, port }: Place): string {
  return `
server.modules = ("mod_auth", "mod_authn_file", "mod_cgi")
server.bind = "127.0.0.1"
server.port = ${port}
server.document-root = "${folder}/www"
server.errorlog = "${folder}/${LOG}"
server.upload-dirs = ("${folder}")
cgi.assign = (".cgi" => "/bin/sh")
auth.backend = "htdigest"
auth.backend.htdigest.userfile = "${folder}/htdigest"
auth.require = (
  ${protect('basic', '"method" => "basic"')},
  ${protect('digest-md5', '"method" => "digest", "algorithm" => "MD5"')},
  ${protect('digest-sha256', '"method" => "digest", "algorithm" => "SHA-256"')},
  ${protect('digest-both', '"method" => "digest", "algorithm" => "SHA-256|MD5"')},
  ${protect('digest-userhash', '"method" => "digest", "algorithm" => "SHA-256", "userhash" => "enable"')},
)
`;
}

function protect(name: string, how: string): string {
  return `"/${name}/" => (${how}, "realm" => "${REALM}", "require" => "valid-user")`;
}
