/** Draws what a terminal shows as an SVG that needs nothing else. */

const CHARACTER = 8.4;
const LINE = 16;
const MARGIN = 16;

const STYLE = `
  text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #e6edf3; white-space: pre; }
  .bold { font-weight: 600; } .dim { fill: #7d8590; } .green { fill: #3fb950; } .red { fill: #f85149; }
  .paper { fill: #0d1117; }`;

const CLASSES = { 1: 'bold', 2: 'dim', 31: 'red', 32: 'green' };

/** `screen` is text with colours (SGR) and line breaks; every character takes one column. */
export function svg(title, screen) {
  const lines = screen.trimEnd().split(/\r?\n/).map(partsOf);
  const columns = Math.max(...lines.map((parts) => parts.at(-1)?.end ?? 0));
  const [width, height] = [Math.ceil(columns * CHARACTER) + 2 * MARGIN, lines.length * LINE + 2 * MARGIN];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="paper" width="${width}" height="${height}" rx="8"/>`,
    ...lines.flatMap((parts, index) => parts.map((part) => drawn(part, MARGIN + index * LINE + 12))),
    '</svg>\n',
  ].join('\n');
}

/** The words of a line: text of one colour without wide gaps, each with its columns. */
function partsOf(line) {
  const parts = [];
  let [style, column] = ['', 0];
  for (const piece of line.split(/(\u001b\[[\d;]*m)/)) {
    const codes = /^\u001b\[([\d;]*)m$/.exec(piece)?.[1];
    if (codes !== undefined) style = CLASSES[codes] ?? '';
    else {
      for (const { 0: text, index } of piece.matchAll(/\S+(?: \S+)*/gu)) {
        parts.push({ text, style, start: column + index, end: column + index + text.length });
      }
      column += piece.length;
    }
  }
  return parts;
}

/** `textLength` keeps the columns where they are, whatever font there is. */
function drawn({ text, style, start, end }, y) {
  const x = (MARGIN + start * CHARACTER).toFixed(1);
  const length = ((end - start) * CHARACTER).toFixed(1);
  const name = style === '' ? '' : ` class="${style}"`;
  return `<text${name} x="${x}" y="${y}" textLength="${length}">${escaped(text)}</text>`;
}

export function escaped(text) {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
