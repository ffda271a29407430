/** Work, counted and not timed: every look of a reader at a character goes through charCodeAt. */

/** How often `read` looks at a character. */
export function looks(read: () => unknown): number {
  const original = String.prototype.charCodeAt;
  let count = 0;
  String.prototype.charCodeAt = function (this: string, index: number) {
    count += 1;
    return original.call(this, index);
  };
  try {
    read();
  } finally {
    String.prototype.charCodeAt = original;
  }
  return count;
}
