/** The table: markdown, aligned, one line for each thing that was measured. */

const HEAD = ['row', 'what', 'axios-challenge', 'target', '', 'compared with', 'how'];

export function table(lines) {
  const cells = [HEAD, ...lines.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(3, ...cells.map((row) => row[column].length)));
  const written = cells.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`);
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [written[0], rule, ...written.slice(1)].join('\n');
}

/** `undefined` for what has no target. */
export function isMet({ value, limit }) {
  return limit === undefined ? undefined : value <= limit;
}

function cellsOf(line) {
  const { row, label, ours, target = '', others, how } = line;
  const compared = Object.entries(others).map(([name, text]) => `${name} ${text}`);
  return [String(row), label, ours, target, verdict(line), compared.join('; '), how];
}

function verdict(line) {
  const met = isMet(line);
  if (met === undefined) return '';
  return met ? 'met' : 'MISSED';
}
