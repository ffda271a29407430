/** One run for all who wait for the same thing, each with its own patience (single flight). */

import { Abandoned, unlessAborted } from './abort.js';

interface Run<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/** Runs a task once, however many ask for it while it runs. Nothing is remembered of it afterwards. */
export class SingleFlight<T> {
  #run: Run<T> | undefined;

  /** The result of the run under way, or of a new one. The run is aborted when the last caller gives up. @throws Abandoned */
  async join(task: (signal: AbortSignal) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    this.#run ??= this.#start(task);
    const run = this.#run;
    run.waiting += 1;
    try {
      return await unlessAborted(run.result, signal);
    } catch (error) {
      if (error instanceof Abandoned && run.waiting === 1) this.#abandon(run);
      throw error;
    } finally {
      run.waiting -= 1;
    }
  }

  #start(task: (signal: AbortSignal) => Promise<T>): Run<T> {
    const controller = new AbortController();
    const run: Run<T> = { result: task(controller.signal), controller, waiting: 0 };
    const end = () => {
      if (this.#run === run) this.#run = undefined;
    };
    run.result.then(end, end);
    return run;
  }

  #abandon(run: Run<T>): void {
    if (this.#run === run) this.#run = undefined;
    run.controller.abort();
  }
}
