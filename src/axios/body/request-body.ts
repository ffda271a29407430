/** Gives each send of one request its body. */

import { Readable } from 'node:stream';
import type { InternalAxiosRequestConfig } from 'axios';
import { memberOf } from '../../base/own.js';
import { AuthError } from '../../errors.js';
import type { Target } from '../../exchange/port/transport.js';
import type { BodyOptions, Opened, SentBody, WatchedSource } from './body.js';
import { sentBody } from './of.js';
import { StreamBody } from './stream.js';

const NOT_HASHED = 'the bytes of the body are not known in advance, so they cannot be hashed';

/** The body of one request. A send to a target without a body has no body, whatever the caller gave. */
export class RequestBody {
  readonly #body: SentBody;
  /** Whether a function makes it. */
  readonly #isMade: boolean;
  /** The body of the next send, if it has been opened in advance. */
  #ready: Opened | undefined;
  /** The caller's stream, until the first send has it. */
  #unsent: WatchedSource | undefined;

  constructor(
    private readonly config: InternalAxiosRequestConfig,
    private readonly options: BodyOptions,
  ) {
    this.#body = sentBody(config, options);
    this.#isMade = options.factory !== undefined;
    this.#unsent = options.source;
  }

  /** Whether a send may use the caller's config unchanged, as far as its body is concerned. */
  isPlain(opened: Opened | undefined): boolean {
    return this.#body.isPlain && opened?.data === this.config.data;
  }

  /** Whether the body can be sent to a target once only. */
  isOnce(target: Target): boolean {
    return this.#body instanceof StreamBody && !this.#isLeftOut(target);
  }

  /** Whether no body is sent to a target. */
  isEmpty(target: Target): boolean {
    const { data } = this.config;
    return this.#isLeftOut(target) || (!this.#isMade && (data === undefined || data === null));
  }

  /** Why the body cannot be sent to a target now; `undefined` if it can, or if no body is sent there. */
  consumed(target: Target): string | undefined {
    return this.#isLeftOut(target) ? undefined : this.#body.consumed;
  }

  /** The bytes of the next send to a target; `undefined` if they cannot be known. @throws AuthError ERR_AUTH_BODY */
  async bytes(target: Target): Promise<Uint8Array | undefined> {
    return this.#isLeftOut(target) ? new Uint8Array(0) : this.#body.bytes();
  }

  /**
   * Opens the body of the next send in advance, so that a failure becomes known before a request is sent.
   *
   * @param isHashed - whether its bytes have been hashed: then exactly those are sent
   */
  async prepare(target: Target, isHashed: boolean): Promise<void> {
    if (this.#isLeftOut(target) || (this.#ready && !isHashed)) return;
    this.#ready = await this.#body.open();
  }

  /** Opens the body of the next send, and tells why that cannot be done; `hashed`: the target that its bytes are for. */
  async ready(target: Target, hashed: Target | undefined): Promise<string | undefined> {
    try {
      if (hashed && !(await this.bytes(hashed))) return NOT_HASHED;
      await this.prepare(target, hashed !== undefined);
      return undefined;
    } catch (error) {
      return error instanceof AuthError ? error.message : 'the body cannot be read';
    }
  }

  /**
   * Takes the body of the next send; without a target, of a send to the addressed one. If the caller's stream has failed
   * before its first send, the body is a stream that fails in the same way, so that axios reports the error.
   */
  next(target: Target | undefined): Opened | Promise<Opened> | undefined {
    const opening = target && this.#isLeftOut(target) ? undefined : (this.#ready ?? this.#open());
    this.#ready = undefined;
    return opening;
  }

  #open(): Opened | Promise<Opened> {
    const error = this.#unsent?.error;
    if (error) return { data: new Readable({ read: () => {}, construct: (done) => done(error) }) };
    this.#unsent = undefined;
    return this.#body.open();
  }

  /** Called when the request is over. */
  close(): void {
    memberOf(this.#body, 'close')?.call(this.#body);
    this.options.source?.close();
  }

  #isLeftOut(target: Target): boolean {
    return isBodyless(this.config, target);
  }
}

/** Whether the request has no body at a target, because a redirect has changed its method (RFC 9110 §15.4). */
export function isBodyless({ method }: InternalAxiosRequestConfig, target: Target): boolean {
  return target.method !== method?.toUpperCase() && ['GET', 'HEAD', 'CONNECT'].includes(target.method);
}
