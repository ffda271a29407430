/** The parts of a command: its help texts, its options, and its work. */

/** An option, as parseArgs and the help need it. */
export interface Option {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  /** May be given several times. */
  readonly multiple?: boolean;
  /** The placeholder for the value in the help. */
  readonly value?: string;
  readonly text: string;
}

export type Options = Readonly<Record<string, Option>>;

/** A command line that CI runs, and its purpose. */
export interface Example {
  readonly line: string;
  readonly text: string;
}

/** A command of the program. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** The command line after the name of the program. */
  readonly usage: string;
  readonly about: string;
  /** Whether the command takes a URL. */
  readonly url: 'required' | 'optional' | 'none';
  readonly options: Options;
  readonly examples: readonly Example[];
  /** Runs the command and returns the exit status. @throws Stop */
  run(given: Invocation, leaving: AbortSignal): Promise<number>;
}

/** The arguments of a command. */
export interface Invocation {
  readonly url: string | undefined;
  has(option: string): boolean;
  text(option: string): string | undefined;
  texts(option: string): readonly string[];
  /** The values of several options, in the order in which they were given. */
  inOrder(...options: readonly string[]): ReadonlyArray<readonly [option: string, value: string]>;
}
