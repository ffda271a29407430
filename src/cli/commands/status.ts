/** `status`: which accounts are kept. */

import { visible } from '../../syntax/visible.js';
import { addressOf } from '../address.js';
import type { Command } from '../command.js';
import { EXIT } from '../exit-status.js';
import { accountsOf } from '../kept.js';
import { knownOrigins } from '../known-origins.js';
import { keychainSentence } from '../store-trouble.js';
import { print, say } from '../talk.js';

export const status: Command = {
  summary: 'list the origins and accounts that are kept',
  usage: 'status [URL]',
  about:
    'Lists what the keychain has, an origin and an account a line: for the origin of the URL, or for all that this program has kept. No store can be asked for a list of origins: what other programs have kept under axios-challenge:<origin> is found when its URL is given.',
  url: 'optional',
  options: {},
  examples: [
    { line: 'axios-challenge status', text: 'all' },
    { line: 'axios-challenge status https://files.example', text: 'one origin' },
  ],
  run: async ({ url }, leaving) => {
    const origins = url === undefined ? await knownOrigins() : [addressOf(url).origin];
    const lines: string[] = [];
    for (const origin of origins) {
      const accounts = await keychainSentence(() => accountsOf(origin, leaving));
      lines.push(...accounts.map((account) => `${origin}\t${visible(account)}`));
    }
    for (const line of lines) print(line);
    if (lines.length === 0) say('nothing is kept');
    return EXIT.ok;
  },
};
