/** Draws rows between three vertical lines: providers, client, server. */

import { pad, width, wrap } from '../../base/columns.js';
import { paint } from '../io/stdio.js';

/** The characters of a drawing. */
export interface Pen {
  readonly line: string;
  readonly from: string;
  readonly back: string;
  readonly dash: string;
  readonly right: string;
  readonly left: string;
}

export const UNICODE: Pen = { line: '│', from: '├', back: '┤', dash: '─', right: '▶', left: '◀' };
export const ASCII: Pen = { line: '|', from: '|', back: '|', dash: '-', right: '>', left: '<' };

/** The left gap is between providers and client, the right one between client and server. */
export type Gap = 'left' | 'right';
export type Tone = 'plain' | 'good' | 'bad';

const MARGIN = '  ';
const NARROWEST = 24;
const WIDEST = 48;

/** The columns for a terminal of this width; `undefined` if it is too narrow for three lines. */
export function lanes(columns: number, pen: Pen): Columns | undefined {
  const gap = Math.min(WIDEST, Math.floor((columns - MARGIN.length - 4) / 2));
  return gap < NARROWEST ? undefined : new Columns(gap, pen);
}

export class Columns {
  constructor(
    private readonly gap: number,
    private readonly pen: Pen,
  ) {}

  /** The width of a row of notes, in columns. */
  get room(): number {
    return this.gap - 6;
  }

  head(): string[] {
    // The name `server` ends at its line, so that it fits into the width.
    const names = pad('providers', this.gap + 1) + pad('client', this.gap + 2 - 'server'.length);
    return [`${MARGIN}${paint('bold', `${names}server`)}`, this.#row(this.#blank(), this.#blank())];
  }

  /** An arrow with its label on it; a label that is too long stands above the arrow. */
  arrow(gap: Gap, direction: 'right' | 'left', label: string, tone: Tone = 'plain'): string[] {
    const { room } = this;
    const fits = width(label) <= room;
    const { dash, right, left } = this.pen;
    const text = fits ? ` ${label} ` : '';
    const shaft = dash.repeat(this.gap - width(text) - 3);
    const drawn =
      direction === 'right'
        ? `${dash}${painted(tone, text)}${shaft}${right} `
        : ` ${left}${shaft}${painted(tone, text)}${dash}`;
    const start = direction === 'right' ? this.pen.from : this.pen.line;
    const end = direction === 'right' ? this.pen.line : this.pen.back;
    const row =
      gap === 'left'
        ? this.#row(drawn, this.#blank(), start, end)
        : this.#row(this.#blank(), drawn, this.pen.line, start, end);
    return fits ? [row] : [...this.note(gap, label, tone), row];
  }

  /** Text in a gap, wrapped to its width. */
  note(gap: Gap, text: string, tone: Tone = 'plain'): string[] {
    return wrap(text, this.room).map((line) => {
      const words = `   ${painted(tone, pad(line, this.gap - 3))}`;
      return gap === 'left' ? this.#row(words, this.#blank()) : this.#row(this.#blank(), words);
    });
  }

  #blank(): string {
    return ' '.repeat(this.gap);
  }

  #row(first: string, second: string, start = this.pen.line, middle = this.pen.line, end = this.pen.line): string {
    const line = (character: string) => paint('dim', character);
    return `${MARGIN}${line(start)}${first}${line(middle)}${second}${line(end)}`;
  }
}

function painted(tone: Tone, text: string): string {
  if (tone === 'plain') return text;
  return paint(tone === 'good' ? 'green' : 'red', text);
}
