/** Checks whether a person can be asked. */

import { openTerminal } from '../../providers/terminal.js';
import { type Finding, finding } from '../finding.js';
import { versionOf } from '../version.js';

const NAME = 'prompt';

export function checkPrompt(): Finding {
  const inquirer = versionOf('inquirer');
  if (inquirer === undefined) return finding(NAME, 'off', 'inquirer is not installed', 'npm install inquirer');
  const terminal = openTerminal({});
  if (typeof terminal === 'string')
    return finding(NAME, 'off', terminal, 'run it in a terminal, without CI and AXIOS_CHALLENGE_NO_PROMPT');
  terminal.close();
  return finding(NAME, 'ok', `at the terminal, with inquirer ${inquirer}`);
}
