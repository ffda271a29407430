/** What a check of `doctor` finds. */

/** `off`: not there, and nobody asked for it. */
export interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'off' | 'bad';
  readonly text: string;
  /** What to do about it. */
  readonly remedy?: string;
}

export function finding(name: string, state: Finding['state'], text: string, remedy?: string): Finding {
  return { name, state, text, ...(remedy !== undefined && { remedy }) };
}
