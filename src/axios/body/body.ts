/**
 * The contract for the body of a request, over all sends of the request.
 *
 * The life of a body:
 *
 * 1. axios has transformed `config.data`. `of.ts` determines its kind once, and makes a `SentBody` of that kind:
 *    - a value (`of.ts`), or a form (`form.ts`), is the same at every send
 *    - a stream (`stream.ts`) is sent once; `bufferBody` keeps its chunks while they are sent (`buffered.ts`)
 *    - a file (`file.ts`) and a factory (`factory.ts`) create a new stream when the previous one was used
 * 2. For each send, `RequestBody` (`request-body.ts`) calls `open`, and the send passes `Opened.data` to axios. Nothing
 *    is read, and no factory is called, before a send needs it.
 * 3. The server refuses the request. If the upload is not finished, it is stopped (`stop.ts`): its connection cannot be
 *    reused, and the rest of its data would be lost.
 * 4. `consumed` tells whether the body can be sent again. It is read before a provider is asked, so that no person
 *    types a password for a request that cannot be repeated.
 * 5. With `qop=auth-int` the answer covers a hash of the body. `bytes` gives what the next `open` will send, so a body
 *    that may change (a file, a factory) keeps the bytes that were hashed.
 * 6. The body is opened before the request is sent again, because a factory or a file may fail: the caller then gets
 *    the 401, not the error of a half-sent request.
 * 7. `close` is called when the request is over.
 *
 * A redirect may turn a POST into a GET. Such a send has no body, whatever its kind is (`isBodyless`).
 */

import type { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

/** What a body factory may return: a value that axios can send unchanged. */
export type Body = Readable | ReadableStream | Uint8Array | string | Blob | FormData;

/** Creates the body of a request again. */
export type BodyFactory = () => Body | Promise<Body>;

/** The body of one request, over all its sends. */
export interface SentBody {
  /** Whether `config.data` itself is sent, without header fields that this package adds. */
  readonly isPlain: boolean;
  /** Why the body cannot be sent now; `undefined` when it can. */
  readonly consumed: string | undefined;
  /** Returns the body for the next send. @throws AuthError ERR_AUTH_BODY */
  open(): Opened | Promise<Opened>;
  /** The bytes that the next `open` gives; `undefined` if they cannot be known. @throws AuthError ERR_AUTH_BODY */
  bytes(): Promise<Uint8Array | undefined>;
  /** Called when the body will not be sent any more. */
  close?(): void;
}

/** A body for one send. */
export interface Opened {
  /** The value that replaces `config.data`. */
  readonly data: unknown;
  /** Header fields that belong to the body. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** The caller's options for the body of a request. */
export interface BodyOptions {
  readonly factory?: BodyFactory | undefined;
  /** How many bytes of a stream are kept in memory to be sent again (`bufferBody`). Default: 0. */
  readonly bufferLimit?: number | undefined;
  /** The stream that the caller gave. */
  readonly source?: WatchedSource | undefined;
}

/** A stream that may fail before it is sent. */
export interface WatchedSource {
  readonly error: Error | undefined;
  /** Called when the request is over. */
  close(): void;
}

/** A source that can create a body again. */
export interface BodySource {
  readonly factory: BodyFactory;
  /** Makes a body from the value that the factory gave. */
  readonly read: (given: unknown) => SentBody;
  /** How many bytes may be kept in memory; 0 if the caller set no limit. */
  readonly bufferLimit: number;
  /** Why the factory will fail, if that is known in advance. */
  readonly obstacle?: () => string | undefined;
}

/** A Node stream (some implement only `pipe`), or a web stream. */
export type AnyStream = Readable | NodeJS.ReadableStream | ReadableStream;

/** Header fields that belong to a body. */
export type Fields = () => Promise<Record<string, string>>;
