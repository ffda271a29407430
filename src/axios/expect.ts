/** Holds a stream back until the server asks for it (`Expect: 100-continue`, RFC 9110 §10.1.1). */

import type { ClientRequest } from 'node:http';
import { Readable, type Writable } from 'node:stream';
import type { InternalAxiosRequestConfig } from 'axios';

/** Whether the caller wants the server to be asked first. */
export function expectsContinue({ headers }: InternalAxiosRequestConfig): boolean {
  return /^100-continue$/i.test(String(headers.get('Expect') ?? ''));
}

// A server that knows nothing of it says nothing: RFC 9110 §10.1.1 lets a client go on then; curl waits as long.
const PATIENCE = 1000;

/** Where follow-redirects keeps the request of the current hop. */
interface RedirectableRequest {
  readonly _currentRequest: ClientRequest;
}

/** One send of a stream that waits for the word. */
export class Gate {
  /** Whether the stream was let go. */
  isOpen = false;
  #decide: (word: 'go' | 'skip') => void = () => {};
  readonly #word = new Promise<'go' | 'skip'>((resolve) => {
    this.#decide = resolve;
  });
  #request: ClientRequest | undefined;
  #timer: NodeJS.Timeout | undefined;
  #unwatch: (() => void) | undefined;

  /** What is given to axios in place of the stream. */
  hold(stream: Readable): Readable {
    const held = Readable.from(this.#passed(stream), { objectMode: false });
    const fail = (error: Error) => {
      held.destroy(error);
      this.skip();
    };
    stream.once('error', fail);
    held.once('close', () => stream.off('error', fail));
    // axios keeps the request to itself, but has to connect the stream with it.
    held.pipe = (destination, options) => {
      this.#watch(destination as unknown as Writable);
      return Readable.prototype.pipe.call(held, destination as unknown as Writable, options) as never;
    };
    return held;
  }

  /** Lets the stream go. */
  readonly open = (): void => {
    this.isOpen = true;
    this.#end('go');
  };

  /** Nobody needs the stream for another send: what axios still has open gets it. */
  release(): void {
    if (this.#request && !current(this.#request).destroyed) this.open();
    else this.skip();
  }

  /** No body will be sent: the stream stays as it is. */
  skip(): void {
    if (!this.isOpen) this.#end('skip');
  }

  async *#passed(stream: Readable): AsyncGenerator<unknown> {
    if ((await this.#word) === 'go') yield* stream;
  }

  #end(word: 'go' | 'skip'): void {
    this.#rest();
    this.#decide(word);
  }

  /** Neither time nor the server decides any more. */
  #rest(): void {
    clearTimeout(this.#timer);
    this.#unwatch?.();
    this.#unwatch = undefined;
  }

  /** Finds the request behind the transforms that axios puts before it (`maxRate`, `maxBodyLength`, progress). */
  #watch(destination: Writable): void {
    if (isRequest(destination)) {
      this.#listen(destination);
      return;
    }
    const { pipe } = destination as Writable & Pick<Readable, 'pipe'>;
    Object.assign(destination, {
      pipe: (next: Writable, options?: { end?: boolean }) => {
        this.#watch(next);
        return pipe.call(destination as never, next, options);
      },
    });
  }

  #listen(request: ClientRequest): void {
    this.#request = request;
    const { method } = current(request);
    const onHop = () => {
      const hop = current(request);
      // A redirect that made a GET of a POST has taken the body away (RFC 9110 §15.4).
      if (hop.method !== method) return this.skip();
      hop.once('continue', this.open);
      this.#timer ??= setTimeout(this.open, PATIENCE);
    };
    const onEnd = () => this.#rest();
    this.#unwatch = () => {
      current(request).off('continue', this.open);
      request.off('socket', onHop).off('response', onEnd).off('close', onEnd);
    };
    request.on('socket', onHop).once('response', onEnd).once('close', onEnd);
    if (request.socket) onHop();
  }
}

function current(request: ClientRequest): ClientRequest {
  return (request as Partial<RedirectableRequest>)._currentRequest ?? request;
}

function isRequest(destination: Writable): destination is ClientRequest {
  return typeof (destination as Partial<ClientRequest>).setHeader === 'function';
}
