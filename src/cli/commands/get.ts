/** `get`: the body of a URL. */

import type { Command } from '../command.js';
import { SENDING } from '../options.js';

export const get: Command = {
  summary: 'fetch a URL, and answer its challenge',
  usage: 'get [options] URL',
  about:
    'Sends GET, answers a 401 with a credential from the environment, the keychain or a person at the terminal, and writes the body to stdout.',
  url: 'required',
  options: SENDING,
  examples: [
    { line: 'axios-challenge get https://files.example/report', text: 'to stdout' },
    { line: 'axios-challenge get -o report.json https://files.example/report', text: 'to a file, when it is whole' },
    { line: 'axios-challenge get -v https://files.example/report', text: 'with the handshake on stderr' },
    { line: 'axios-challenge get -m 30 -u alice https://files.example/report', text: 'as alice, within 30 seconds' },
  ],
  run: async (given, leaving) => {
    const { transfer } = await import('../transfer.js');
    return transfer({ name: 'get', method: 'GET' }, given, leaving);
  },
};
