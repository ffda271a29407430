/** `probe`: what a server asks for, and whether it could be answered. */

import type { Command } from '../command.js';
import { EXIT } from '../exit-status.js';
import { SOURCES } from '../options.js';
import { print } from '../talk.js';

export const probe: Command = {
  summary: 'show the challenges of a URL, and who could answer',
  usage: 'probe [options] URL',
  about:
    'Sends one GET without credentials. Tells each challenge, which one would be answered and why the others would not, and what each source of credentials has. Asks nobody, and shows no secret.',
  url: 'required',
  options: { ...SOURCES, json: { type: 'boolean', text: 'for programs' } },
  examples: [
    { line: 'axios-challenge probe https://files.example/report', text: 'for people' },
    { line: 'axios-challenge probe --netrc --json https://files.example/report', text: 'for programs' },
  ],
  run: async (given, leaving) => {
    const [{ survey }, { surveyText }] = await Promise.all([import('../survey.js'), import('../survey-text.js')]);
    const found = await survey(given, leaving);
    print(given.has('json') ? JSON.stringify(found, null, 2) : surveyText(found));
    if (found.status < 400 || found.answerable) return EXIT.ok;
    return [401, 407].includes(found.status) ? EXIT.refused : EXIT.http;
  },
};
