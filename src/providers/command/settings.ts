/** The options of a command provider, checked when it is made. */

import { basename } from 'node:path';
import { AuthError } from '../../errors.js';
import { ownOptions } from '../../syntax/options.js';
import { visible } from '../../syntax/visible.js';
import type { Environment } from '../environment.js';
import { originOf } from '../origin.js';
import { hasPlaceholder } from './arguments.js';
import type { OutputFormat } from './output.js';

/** What a program reads on stdin: `docker` is the origin, as docker's credential helpers read it. */
export type CommandInput = 'docker';

/** Options of `command()`. */
export interface CommandOptions {
  /** The user name of the credential. A bare secret is then its password, and never a token. */
  readonly username?: string | undefined;
  /** The only origin that gets the credential; its path and query are ignored. Needed for a proxy. */
  readonly origin?: string | undefined;
  /** What is written to stdin of the program; by default nothing. */
  readonly input?: CommandInput | undefined;
  /** The format of the output; by default it is detected. */
  readonly format?: OutputFormat | undefined;
  /** How long the program may run, in milliseconds; by default 30000. */
  readonly timeout?: number | undefined;
  /** The environment of the program, without its `AXIOS_CHALLENGE_` credentials; by default `process.env`. */
  readonly environment?: Environment | undefined;
}

const NAMES = ['username', 'origin', 'input', 'format', 'timeout', 'environment'] as const;

export interface CommandSettings {
  readonly argv: readonly string[];
  /** The name of the program, for people. Its arguments may hold secrets, and are never shown. */
  readonly program: string;
  readonly username: string | undefined;
  readonly origin: string | undefined;
  readonly input: CommandInput | undefined;
  readonly format: OutputFormat;
  readonly timeout: number;
  environment(): Environment;
}

/** Own properties only (SEC-28). Throws `ERR_AUTH_OPTION`. */
export function settingsOf(argv: readonly string[], options: CommandOptions): CommandSettings {
  const own = ownOptions(options, NAMES, 'command');
  const { username, origin, input, format = 'auto', timeout = 30_000, environment } = own;
  if (!isCommand(argv)) throw unusable("needs an array of strings: ['op', 'read', 'op://Private/files/password']");
  if (hasPlaceholder(argv[0])) throw unusable('the program itself has a placeholder in it');
  if (input !== undefined && input !== 'docker') throw unusable("input is not 'docker'");
  if (!['auto', 'json', 'secret'].includes(format)) throw unusable("format is not 'auto', 'json' or 'secret'");
  if (!(timeout > 0 && timeout < 2 ** 31)) throw unusable('timeout is not a number of milliseconds');
  return {
    argv: [...argv],
    program: visible(basename(argv[0])),
    username,
    origin: origin === undefined ? undefined : originOf(origin, 'command: origin'),
    input,
    format,
    timeout,
    environment: () => environment ?? process.env,
  };
}

function isCommand(argv: unknown): argv is readonly [string, ...string[]] {
  return Array.isArray(argv) && argv.every((argument) => typeof argument === 'string') && !!argv[0];
}

function unusable(message: string): AuthError {
  return new AuthError('ERR_AUTH_OPTION', `command: ${message}`);
}
