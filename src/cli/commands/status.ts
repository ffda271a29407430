/** `status`: lists the stored accounts and logins. */

import type { Command } from '../input/command.js';
import { EXIT } from '../io/exit.js';
import { jsonText } from '../io/json.js';
import { print, say } from '../io/stdio.js';

export const status: Command = {
  summary: 'list the stored accounts and logins',
  usage: 'status [options] [URL]',
  about:
    'Lists the accounts in the keychain, one origin and account per line: for the origin of the URL, or for all origins that this program has stored. Keychains cannot list origins: an account that another program stored under axios-challenge:<origin> is listed when its URL is given. Of a token it shows the issuer, how long it lasts, whether it can be renewed and what it allows, but never the token.',
  url: 'optional',
  options: { json: { type: 'boolean', text: 'write JSON, for programs' } },
  examples: [
    { line: 'axios-challenge status', text: 'all origins' },
    { line: 'axios-challenge status --json https://files.example', text: 'one origin, for programs' },
  ],
  run: async (given, leaving) => {
    const { statusLine, storedCredentials } = await import('../login/stored.js');
    const stored = await storedCredentials(given.url, leaving);
    if (given.has('json')) print(jsonText(stored));
    else for (const one of stored) print(statusLine(one));
    if (stored.length === 0) say('no accounts are stored');
    return EXIT.ok;
  },
};
