/** `logout`: removes a credential from the keychain. */

import type { Command } from '../input/command.js';

export const logout: Command = {
  summary: 'end a login, and remove a credential from the keychain',
  usage: 'logout [options] URL',
  about:
    'Removes the account that the keychain has for the origin of the URL. If there are several accounts, asks which. A token is revoked at its issuer before it is removed; it is removed as well if that fails. Sends nothing to the server.',
  url: 'required',
  options: { user: { type: 'string', short: 'u', value: 'NAME', text: 'the account, if there are several' } },
  examples: [
    { line: 'axios-challenge logout https://files.example', text: 'the only account' },
    { line: 'axios-challenge logout -u alice https://files.example', text: 'one of several' },
  ],
  run: async (given, leaving) => (await import('../login/logout.js')).checkOut(given, leaving),
};
