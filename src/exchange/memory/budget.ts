/** How much text of servers a client remembers: what asked longest ago is forgotten first, whatever its size (SEC-42). */

// In characters, of which what is kept costs about one byte each.
const MAX_TEXT = 8 * 1024 * 1024;

/** A part of the memory that is forgotten as a whole. */
export interface Shelf {
  forget(): void;
}

/** Shared by the memories of a client: another provider list brings no further budget. */
export class Budget {
  readonly #lengths = new Map<Shelf, number>();
  #total = 0;

  /** Notes how much a shelf holds, as the newest, and forgets the oldest where that is too much. */
  weigh(shelf: Shelf, length: number): void {
    this.drop(shelf);
    this.#lengths.set(shelf, length);
    this.#total += length;
    for (const oldest of this.#lengths.keys()) {
      if (this.#total <= MAX_TEXT || oldest === shelf) return;
      this.drop(oldest);
      oldest.forget();
    }
  }

  /** The shelf is gone. */
  drop(shelf: Shelf): void {
    this.#total -= this.#lengths.get(shelf) ?? 0;
    this.#lengths.delete(shelf);
  }
}

/** How long the texts of a record are together. */
export function textLength(params: Readonly<Record<string, string>>): number {
  let length = 0;
  for (const name of Object.keys(params)) length += name.length + (params[name] as string).length;
  return length;
}
