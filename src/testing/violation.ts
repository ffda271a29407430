/** The error for a client that breaks the RFCs, with a message of one sentence. */

/** Thrown by the strict readers; the server answers it with 400 and the message. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/** Throws a Violation with this sentence if `broken` is true. */
export function forbid(broken: boolean, sentence: string): void {
  if (broken) throw new Violation(sentence);
}

/** Whether the text holds a control character, which neither a user-id nor a password may (RFC 7617 §2). */
export function hasControls(text: string): boolean {
  return /[\x00-\x1f\x7f-\x9f]/.test(text);
}
