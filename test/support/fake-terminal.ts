/** A terminal without a person: the test types, and waits for what is shown. */

import { PassThrough } from 'node:stream';

export class FakeTerminal {
  readonly #rawModes: boolean[] = [];
  readonly input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (on: boolean) => this.#rawModes.push(on),
  });
  readonly output = Object.assign(new PassThrough(), { isTTY: true, columns: 100 });
  readonly environment = {};
  #shown = '';

  constructor() {
    this.output.on('data', (chunk) => {
      this.#shown += chunk;
    });
  }

  get rawModes(): readonly boolean[] {
    return this.#rawModes;
  }

  get shown(): string {
    return this.#shown;
  }

  type(text: string): void {
    this.input.write(text);
  }

  /** Resolves once `text` is shown. */
  async until(text: string): Promise<void> {
    while (!this.#shown.includes(text)) await new Promise((resolve) => this.output.once('data', resolve));
  }

  /** From here on, only what is shown later counts. */
  forget(): void {
    this.#shown = '';
  }

  async answer(question: string, text: string): Promise<void> {
    await this.until(question);
    this.type(`${text}\r`);
  }
}
