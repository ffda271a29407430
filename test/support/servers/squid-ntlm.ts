/** squid asks for NTLM, as an origin before another server or as a proxy, with Samba's helper as its judge. */

import { ntlmAuthCommand, type SambaAccount, smbConfiguration } from './ntlm-auth.js';
import { launch, type Place, type RunningServer } from './process.js';
import { KNOWN_ALONE, squidCommand, squidHead } from './squid.js';

/** Starts squid before `behind`; one account is let in. */
export function squidNtlm(account: SambaAccount, behind: string): Promise<RunningServer> {
  return start(
    account,
    ({ port }) => `
http_port 127.0.0.1:${port} accel defaultsite=127.0.0.1:${port} no-vhost
cache_peer 127.0.0.1 parent ${new URL(behind).port} 0 no-query originserver`,
  );
}

/** Starts squid as a proxy; one account is let in. */
export function squidNtlmProxy(account: SambaAccount): Promise<RunningServer> {
  return start(account, ({ port }) => `http_port 127.0.0.1:${port}`);
}

function start(account: SambaAccount, role: (place: Place) => string): Promise<RunningServer> {
  return launch({
    files: (place) => ({
      'squid.conf': configuration(place, account, role(place)),
      'smb.conf': smbConfiguration(place.folder),
    }),
    command: squidCommand,
  });
}

function configuration(place: Place, account: SambaAccount, role: string): string {
  const helper = ntlmAuthCommand(`${place.folder}/smb.conf`, account)
    .map((word) => (word.includes(' ') ? `"${word}"` : word))
    .join(' ');
  return `
${squidHead(place, role)}
auth_param ntlm program ${helper.replace(/^ntlm_auth/, '/usr/bin/ntlm_auth')}
auth_param ntlm children 5 startup=2 idle=1
${KNOWN_ALONE}
`;
}
