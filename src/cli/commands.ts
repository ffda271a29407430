/** The commands by name. What they do is loaded when they do it: the help needs no axios. */

import type { Command } from './command.js';
import { doctor } from './commands/doctor.js';
import { get } from './commands/get.js';
import { login } from './commands/login.js';
import { logout } from './commands/logout.js';
import { probe } from './commands/probe.js';
import { request } from './commands/request.js';
import { status } from './commands/status.js';

export const COMMANDS: Readonly<Record<string, Command>> = { get, request, probe, login, logout, status, doctor };
