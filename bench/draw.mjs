/** `node bench/draw.mjs`: draws the chart of the README from chart.json, without measuring again. */

import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { chart } from './chart.mjs';

const FIGURES = new URL('chart.json', import.meta.url);
const CHART = new URL('chart.svg', import.meta.url);

/** The chart, as text. */
export async function drawing() {
  const { caption, charts } = JSON.parse(await readFile(FIGURES, 'utf8'));
  return chart(charts, caption);
}

/** Keeps what the lines have for the chart, and draws it. */
export async function keep(lines, [where]) {
  // How often a request is sent explains how fast it is, so it comes first.
  const charts = lines.flatMap((line) => line.chart ?? []).reverse();
  await writeFile(FIGURES, `${JSON.stringify({ caption: where.split('; '), charts }, null, 2)}\n`);
  await writeFile(CHART, await drawing());
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await writeFile(CHART, await drawing());
