/** `doctor`: whether credentials can be found on this machine. */

import type { Command } from '../input/command.js';
import { EXIT } from '../io/exit.js';
import { fitted } from '../io/fitted.js';
import { jsonText } from '../io/json.js';
import { print } from '../io/stdio.js';

export const doctor: Command = {
  summary: 'check the sources of credentials on this machine',
  usage: 'doctor [options]',
  about:
    "Checks Node, axios, the environment (names, never values), the keychain, the terminal, ~/.netrc, git's helpers and the Kerberos ticket, and says how to fix each. Exit status 1: the default chain (environment, keychain, prompt) cannot work.",
  url: 'none',
  options: { json: { type: 'boolean', text: 'write JSON, for programs' } },
  examples: [
    { line: 'axios-challenge doctor', text: 'for people' },
    { line: 'axios-challenge doctor --json', text: 'for programs' },
  ],
  run: async (given, leaving) => {
    const [{ examine }, { reportText }] = await Promise.all([import('./doctor.js'), import('./text.js')]);
    const report = await examine(leaving);
    print(given.has('json') ? jsonText(report) : fitted(reportText(report), process.stdout));
    return report.works ? EXIT.ok : EXIT.failed;
  },
};
