/** The folder of this package for what outlives a process and is no secret. */

import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Its path; it may not exist yet. XDG Base Directory 0.8: relative paths are ignored. */
export function stateFolder({ XDG_STATE_HOME, LOCALAPPDATA }: NodeJS.ProcessEnv = process.env): string {
  const state = XDG_STATE_HOME && isAbsolute(XDG_STATE_HOME) ? XDG_STATE_HOME : join(homedir(), '.local', 'state');
  const folder = process.platform === 'win32' && LOCALAPPDATA ? LOCALAPPDATA : state;
  return join(folder, 'axios-challenge');
}
