/** Checks whether a person can be asked. */

import { openTerminal } from '../../providers/terminal/terminal.js';
import { versionOf } from '../io/version.js';
import { type Finding, finding } from './findings/finding.js';

const NAME = 'prompt';

export function checkPrompt(): Finding {
  const inquirer = versionOf('inquirer');
  if (inquirer === undefined) return finding(NAME, 'off', 'inquirer is not installed', 'npm install inquirer');
  const terminal = openTerminal({});
  if (typeof terminal === 'string')
    return finding(NAME, 'off', terminal, 'run the command in a terminal, with CI and AXIOS_CHALLENGE_NO_PROMPT unset');
  terminal.close();
  return finding(NAME, 'ok', `at the terminal, with inquirer ${inquirer}`);
}
