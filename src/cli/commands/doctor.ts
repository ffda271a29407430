/** `doctor`: whether credentials can be found on this machine. */

import type { Command } from '../command.js';
import { EXIT } from '../exit-status.js';
import { print } from '../talk.js';

export const doctor: Command = {
  summary: 'check what credentials could come from',
  usage: 'doctor',
  about:
    "Checks Node, axios, the environment (names, never values), the keychain, the terminal, ~/.netrc and git's helpers, and says what to do. Exit status 1: the default chain (environment, keychain, prompt) cannot work.",
  url: 'none',
  options: {},
  examples: [{ line: 'axios-challenge doctor', text: 'everything' }],
  run: async (_given, leaving) => {
    const [{ examine }, { reportText }] = await Promise.all([import('../examine.js'), import('../report-text.js')]);
    const report = await examine(leaving);
    print(reportText(report));
    return report.works ? EXIT.ok : EXIT.failed;
  },
};
