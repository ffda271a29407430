/** The result of one check of `doctor`. */

/** `off`: unavailable, which is not an error; `bad`: an error. */
export interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'off' | 'bad';
  readonly text: string;
  /** How to fix it. */
  readonly remedy?: string;
}

export function finding(name: string, state: Finding['state'], text: string, remedy?: string): Finding {
  return { name, state, text, ...(remedy !== undefined && { remedy }) };
}
