/** The two ways to draw a step of a handshake: three lines where there is room for them, else a list. */

import { type Gap, type Lanes, lanes, type Pen, type Tone } from './lanes.js';
import { wrap } from './width.js';

/** An arrow, its label, and what is said under it. */
export type Step = readonly [
  gap: Gap,
  direction: 'right' | 'left',
  label: string,
  notes: readonly string[],
  tone?: Tone,
];

/** What a handshake is drawn on: the lines of each thing that is to be seen. */
export interface Page {
  head(): string[];
  step(step: Step): string[];
  note(gap: Gap, text: string): string[];
  text(text: string): string[];
}

/** The page for a terminal of so many columns. */
export function pageOf(columns: number, pen: Pen): Page {
  const table = lanes(columns, pen);
  return table ? new Drawing(table, columns) : new List(columns);
}

/** Three vertical lines. */
class Drawing implements Page {
  constructor(
    private readonly lanes: Lanes,
    private readonly columns: number,
  ) {}

  head(): string[] {
    return this.lanes.head();
  }

  step([gap, direction, label, notes, tone]: Step): string[] {
    return [...this.lanes.arrow(gap, direction, label, tone), ...notes.flatMap((text) => this.note(gap, text))];
  }

  note(gap: Gap, text: string): string[] {
    return this.lanes.note(gap, text);
  }

  text(text: string): string[] {
    return wrap(text, this.columns - 2).map((line) => `  ${line}`);
  }
}

/** For a narrow terminal: a line a step. */
class List implements Page {
  constructor(private readonly columns: number) {}

  head(): string[] {
    return [];
  }

  step([gap, direction, label, notes]: Step): string[] {
    const mark = gap === 'left' ? '*' : direction === 'right' ? '>' : '<';
    const [first = '', ...rest] = wrap(label, this.columns - 4);
    return [`  ${mark} ${first}`, ...rest.map(indented), ...notes.flatMap((text) => this.note(gap, text))];
  }

  note(_gap: Gap, text: string): string[] {
    return wrap(text, this.columns - 4).map(indented);
  }

  text(text: string): string[] {
    return wrap(text, this.columns - 2).map((line) => `  ${line}`);
  }
}

function indented(line: string): string {
  return `    ${line}`;
}
