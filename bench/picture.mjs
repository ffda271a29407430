/** The picture: bars of ratios with target marks, an SVG that needs nothing else and knows light and dark. */

import { isMet } from './table.mjs';

const WIDTH = 880;
const LABEL = 330;
const SCALE = 190;
const LONGEST = 2;
const STEP = 19;

const STYLE = `
  text { font: 12px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328; }
  .title { font-size: 14px; font-weight: 600; }
  .small { font-size: 11px; fill: #59636e; }
  .end { text-anchor: end; }
  .met { fill: #2da44e; } .missed { fill: #d1570b; } .own { fill: #0969da; } .other { fill: #afb8c1; }
  .mark { stroke: #1f2328; stroke-width: 1.5; }
  .paper { fill: #ffffff; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .small { fill: #9198a1; } .mark { stroke: #e6edf3; } .paper { fill: #0d1117; }
    .met { fill: #3fb950; } .missed { fill: #f0883e; } .own { fill: #4493f8; } .other { fill: #57606a; }
  }`;

/** Draws the lines that have a target, then the groups of bars; `caption` is lines of text. */
export function picture(lines, caption) {
  const drawing = new Drawing();
  drawing.title('What was measured, as a share of its target (the mark; shorter is better)');
  for (const line of lines.filter(({ limit }) => limit > 0)) drawing.bar(targetBar(line));
  for (const { bars } of lines.filter((line) => line.bars)) {
    drawing.title(bars.title);
    for (const [name, ratio] of Object.entries(bars.values)) drawing.bar(partyBar(name, ratio));
  }
  drawing.gap();
  for (const text of caption) drawing.small(text);
  return drawing.svg();
}

class Drawing {
  #y = 8;
  #parts = [];

  title(text) {
    this.#y += 30;
    this.#parts.push(`<text class="title" x="16" y="${this.#y - 8}">${escaped(text)}</text>`);
  }

  bar({ name, ratio, style, text }) {
    const y = this.#y;
    const length = Math.max(1, Math.min(ratio, LONGEST) * SCALE).toFixed(1);
    const mark = LABEL + SCALE;
    const cut = ratio > LONGEST * 1.01 ? '» ' : '';
    this.#parts.push(
      `<text class="end" x="${LABEL - 8}" y="${y + 13}">${escaped(name)}</text>`,
      `<rect class="${style}" x="${LABEL}" y="${y + 3}" width="${length}" height="13" rx="2"/>`,
      `<line class="mark" x1="${mark}" x2="${mark}" y1="${y + 1}" y2="${y + 18}"/>`,
      `<text x="${LABEL + LONGEST * SCALE + 8}" y="${y + 13}">${cut}${escaped(text)}</text>`,
    );
    this.#y += STEP;
  }

  gap() {
    this.#y += 12;
  }

  small(text) {
    this.#y += 16;
    this.#parts.push(`<text class="small" x="16" y="${this.#y}">${escaped(text)}</text>`);
  }

  svg() {
    const height = this.#y + 16;
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
      '<title>axios-challenge, measured</title>',
      `<style>${STYLE}\n</style>`,
      `<rect class="paper" width="${WIDTH}" height="${height}" rx="6"/>`,
      ...this.#parts,
      '</svg>\n',
    ].join('\n');
  }
}

function targetBar(line) {
  const { row, label, how, value, limit } = line;
  const [clock] = how.split(',');
  const short = label.replace(/ \(.*$/, '').replace(/, sequential.*/, '');
  const name = clock === 'CPU time' ? `${short}, CPU` : short;
  const met = isMet(line);
  const text = `${rounded(value)} (target ${rounded(limit)})${met ? '' : ' missed'}`;
  return { name: `${row}  ${name}`, ratio: value / limit, style: met ? 'met' : 'missed', text };
}

function partyBar(name, ratio) {
  return { name, ratio, style: name === 'axios-challenge' ? 'own' : 'other', text: ratio.toFixed(2) };
}

function rounded(value) {
  return Number.isInteger(value) ? value.toLocaleString('en') : value.toFixed(2);
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
