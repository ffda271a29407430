/** `get`: writes the body of a URL. */

import type { Command } from '../input/command.js';
import { SENDING } from '../input/options.js';

export const get: Command = {
  summary: 'fetch a URL, and answer its challenge',
  usage: 'get [options] URL',
  about:
    'Sends a request, answers a 401 with a credential from the environment, the keychain or the prompt, and writes the body to stdout. Most options are those of curl.',
  url: 'required',
  options: SENDING,
  examples: [
    { line: 'axios-challenge get https://files.example/report', text: 'to stdout' },
    {
      line: 'axios-challenge get -o report.json https://files.example/report',
      text: 'to a file, which appears when the body is complete',
    },
    { line: 'axios-challenge get -v https://files.example/report', text: 'show the handshake on stderr' },
    { line: 'axios-challenge get --ntlm https://files.example/report', text: 'from a server that asks for NTLM' },
    { line: 'axios-challenge get -m 30 -u alice https://files.example/report', text: 'as alice, within 30 seconds' },
  ],
  run: async (given, leaving) => {
    const { transfer } = await import('../send/transfer.js');
    return transfer('get', given, leaving);
  },
};
