/** One run for all who wait for the same thing, each with its own patience (single flight). */

/** What waiting gives when the caller has given up. */
export const GIVEN_UP: unique symbol = Symbol('given up');

interface Run<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/** Runs a task once, however many ask for it while it runs. Nothing is remembered of it afterwards. */
export class Flight<T> {
  #run: Run<T> | undefined;

  /** The result of the run under way, or of a new one. When the last who waits gives up, the run is aborted. */
  async join(task: (signal: AbortSignal) => Promise<T>, signal: AbortSignal | undefined): Promise<T | typeof GIVEN_UP> {
    this.#run ??= this.#start(task);
    const run = this.#run;
    run.waiting += 1;
    const result = await orGiveUp(run.result, signal);
    run.waiting -= 1;
    if (result === GIVEN_UP && run.waiting === 0) this.#abandon(run);
    return result;
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

/** Waits for `promise` as long as `signal` is not aborted, and leaves no listener behind. */
export function orGiveUp<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T | typeof GIVEN_UP> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const giveUp = () => resolve(GIVEN_UP);
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
    // Heard in any case: what fails when nobody waits for it must not end the process.
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
