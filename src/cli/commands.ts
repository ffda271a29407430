/** The commands by name. Each command imports its work only when it runs, so that the help works without axios. */

import { get } from './commands/get.js';
import { logout } from './commands/logout.js';
import { request } from './commands/request.js';
import { status } from './commands/status.js';
import { doctor } from './doctor/command.js';
import type { Command } from './input/command.js';
import { login } from './login/command.js';
import { probe } from './probe/command.js';

export const COMMANDS: Readonly<Record<string, Command>> = { get, request, probe, login, logout, status, doctor };
