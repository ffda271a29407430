/** What a command is: its words for the help, its options, and what it does. */

/** An option as parseArgs takes it, and as the help tells it. */
export interface Option {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  /** May be given several times. */
  readonly multiple?: boolean;
  /** What stands for the value in the help. */
  readonly value?: string;
  readonly text: string;
}

export type Options = Readonly<Record<string, Option>>;

/** A command line that was run in CI, and what it is for. */
export interface Example {
  readonly line: string;
  readonly text: string;
}

/** A command of the program. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** What follows the name of the program. */
  readonly usage: string;
  readonly about: string;
  /** Whether it takes a URL. */
  readonly url: 'required' | 'optional' | 'none';
  readonly options: Options;
  readonly examples: readonly Example[];
  /** The exit status. @throws Stop */
  run(given: Given, leaving: AbortSignal): Promise<number>;
}

/** The arguments of a command. */
export interface Given {
  readonly url: string | undefined;
  has(option: string): boolean;
  text(option: string): string | undefined;
  texts(option: string): readonly string[];
}
