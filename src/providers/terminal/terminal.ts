/** Finds the terminal at which a person can be asked. */

import { openSync } from 'node:fs';
import { ReadStream, WriteStream } from 'node:tty';
import { memberOf } from '../../base/own.js';
import { type Environment, PREFIX, variable } from '../environment.js';

/** Where keys come from. */
export type TerminalInput = NodeJS.ReadableStream & {
  readonly isTTY?: boolean;
  setRawMode?(on: boolean): unknown;
};
/** Where questions are shown. */
export type TerminalOutput = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
};

/** The input and the output of a terminal; `close` releases it. */
export interface Terminal {
  readonly input: TerminalInput;
  readonly output: TerminalOutput;
  close(): void;
}

/** Which terminal is used. */
export interface TerminalOptions {
  /** By default `process.stdin`, or the controlling terminal if that is not a terminal. */
  readonly input?: TerminalInput | undefined;
  /** By default `process.stderr`, or the controlling terminal if that is not a terminal. */
  readonly output?: TerminalOutput | undefined;
  /** The prefix of the variable names; by default `AXIOS_CHALLENGE`. Use the same prefix as for `env()`. */
  readonly prefix?: string | undefined;
  /** By default `process.env`. */
  readonly environment?: Environment | undefined;
}

/** The terminal, or the reason why no terminal can be used. */
export function openTerminal(options: TerminalOptions, device = '/dev/tty'): Terminal | string {
  const { input = process.stdin, output = process.stderr, environment = process.env, prefix = PREFIX } = options;
  const silent = ['CI', `${prefix}_NO_PROMPT`].find((name) => isOn(variable(environment, name)));
  if (silent !== undefined) return `${silent} is set`;
  const isAt = memberOf(input, 'isTTY');
  if (isAt && memberOf(output, 'isTTY')) return { input, output, close: () => {} };
  const reason = isAt ? 'stderr is not a terminal' : 'stdin is not a terminal';
  return options.input || options.output ? reason : (controllingTerminal(device) ?? reason);
}

/** Writes to a terminal that may be gone: then the text is lost, and nothing is thrown. */
export function write(output: TerminalOutput, text: string): void {
  // This callback runs before the `error` event, which Node throws if it has no listener.
  output.write(text, (error) => {
    if (error) output.once('error', () => {});
  });
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value.toLowerCase());
}

/** The terminal the process was started from, even when its standard streams are pipes. */
function controllingTerminal(device: string): Terminal | undefined {
  if (process.platform === 'win32') return undefined;
  try {
    const input = new ReadStream(openSync(device, 'r+'));
    const output = new WriteStream(openSync(device, 'r+'));
    return { input, output, close: () => close(input, output) };
  } catch {
    return undefined; // ENXIO: a daemon, a cron job. ENOENT: a container without one.
  }
}

function close(input: ReadStream, output: WriteStream): void {
  input.destroy();
  output.destroy();
}
