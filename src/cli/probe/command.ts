/** `probe`: shows the challenges of a server, and whether a provider could answer them. */

import type { Command } from '../input/command.js';
import { SOURCES } from '../input/options.js';
import { EXIT } from '../io/exit.js';
import { fitted } from '../io/fitted.js';
import { jsonText } from '../io/json.js';
import { print } from '../io/stdio.js';

export const probe: Command = {
  summary: 'show the challenges of a URL, and which provider could answer',
  usage: 'probe [options] URL',
  about:
    'Sends one GET without credentials. Shows each challenge, which challenge would be answered and why the others would not, and which account each source of credentials has. For a token, shows what it is for and which command would log in; with --discover also its issuer, which is then asked for its metadata. Asks no questions, changes nothing, and shows no secret.',
  url: 'required',
  options: {
    ...SOURCES,
    discover: { type: 'boolean', text: 'ask the server for the issuer of its tokens' },
    json: { type: 'boolean', text: 'write JSON, for programs' },
  },
  examples: [
    { line: 'axios-challenge probe https://files.example/report', text: 'for people' },
    { line: 'axios-challenge probe --netrc --json https://files.example/report', text: 'write JSON, for programs' },
  ],
  run: async (given, leaving) => {
    const [{ survey }, { surveyText }] = await Promise.all([import('./probe.js'), import('./text.js')]);
    const found = await survey(given, leaving);
    print(given.has('json') ? jsonText(found) : fitted(surveyText(found), process.stdout));
    if (found.status < 400 || found.answerable) return EXIT.ok;
    return [401, 407].includes(found.status) ? EXIT.refused : EXIT.http;
  },
};
