/** Draws a handshake in one of two ways: between three vertical lines, or as a list on a narrow terminal. */

import { wrap } from '../../base/columns.js';
import { type Columns, type Gap, lanes, type Pen, type Tone } from './lanes.js';

/** An arrow, its label, and the notes under it. */
export type Step = readonly [
  gap: Gap,
  direction: 'right' | 'left',
  label: string,
  notes: readonly string[],
  tone?: Tone,
];

/** A way to draw: each method returns lines of text. */
export interface Page {
  /** The width of a row of notes, in columns. */
  readonly room: number;
  head(): string[];
  step(step: Step): string[];
  note(gap: Gap, text: string): string[];
  text(text: string): string[];
}

/** The page for a terminal with this number of columns. */
export function pageOf(columns: number, pen: Pen): Page {
  const table = lanes(columns, pen);
  return table ? new Drawing(table, columns) : new List(columns);
}

/** Draws between three vertical lines. */
class Drawing implements Page {
  constructor(
    private readonly lanes: Columns,
    private readonly columns: number,
  ) {}

  get room(): number {
    return this.lanes.room;
  }

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

/** Draws each step as an item of a list, for a narrow terminal. */
class List implements Page {
  constructor(private readonly columns: number) {}

  get room(): number {
    return this.columns - 4;
  }

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
