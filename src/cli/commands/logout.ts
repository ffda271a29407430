/** `logout`: takes a credential out of the keychain. */

import { visible } from '../../syntax/visible.js';
import { addressOf } from '../address.js';
import type { Command } from '../command.js';
import { EXIT } from '../exit-status.js';
import { remove } from '../kept.js';
import { accountOf } from '../options.js';
import { keychainSentence } from '../store-trouble.js';
import { say } from '../talk.js';

export const logout: Command = {
  summary: 'take a credential out of the keychain',
  usage: 'logout [options] URL',
  about: 'Removes what the keychain has for the origin of the URL. It sends nothing to the server.',
  url: 'required',
  options: { user: { type: 'string', short: 'u', value: 'NAME', text: 'the account, where there are several' } },
  examples: [
    { line: 'axios-challenge logout https://files.example', text: 'the only account' },
    { line: 'axios-challenge logout -u alice https://files.example', text: 'one of several' },
  ],
  run: async (given, leaving) => {
    const address = addressOf(given.url ?? '');
    const account = accountOf('logout', given, address);
    const gone = await keychainSentence(() => remove(address.origin, account, leaving));
    const whom = account === undefined ? '' : ` for ${visible(account)}`;
    say(
      gone === undefined
        ? `nothing is kept${whom} at ${address.origin}`
        : `removed: ${visible(gone)} for ${address.origin}`,
    );
    return EXIT.ok;
  },
};
