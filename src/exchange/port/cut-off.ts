/** What a client throws for a send whose connection was closed before any of a response came (RFC 9112 §9.3.1). */

/** Only for one that others had used before: a server may close it at any time, and need not have seen the request. */
export class CutOff extends Error {
  constructor(
    /** The client's own. */
    readonly error: unknown,
    /** Whether it may be sent again: an idempotent method (RFC 9110 §9.2.2), and a body that can be had again. */
    readonly isRepeatable: boolean,
    /** Why, where nothing was sent. */
    readonly reason?: string,
  ) {
    super('the connection was closed');
  }
}

export function isRepeatable(error: unknown): error is CutOff {
  return error instanceof CutOff && error.isRepeatable;
}

/** The client's own error. */
export function ownError(error: unknown): unknown {
  return error instanceof CutOff ? error.error : error;
}
