/** The chart of the README: this package beside other clients, an SVG that needs nothing else and knows light and dark. */

import { escaped } from '../docs/pictures/svg.mjs';

const WIDTH = 480;
const LABEL = 204;
const LONGEST = 200;
const STEP = 21;
const MARGIN = 16;

const STYLE = `
  text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328; }
  .title { font-weight: 600; } .small { font-size: 11px; fill: #59636e; } .end { text-anchor: end; }
  .own { fill: #0969da; } .other { fill: #afb8c1; } .paper { fill: #ffffff; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .small { fill: #9198a1; }
    .own { fill: #4493f8; } .other { fill: #57606a; } .paper { fill: #0d1117; }
  }`;

/** How a stranger finds them. */
const NAMES = { '@mhoc': '@mhoc/axios-digest-auth', 'bare axios': 'axios, header made before' };

/** Draws groups of bars, and under them the lines of `caption`. */
export function chart(charts, caption) {
  const parts = [];
  let y = MARGIN;
  for (const { title, unit, values } of charts) {
    parts.push(...heading(title, unit, y + 12));
    const most = Math.max(...Object.values(values));
    y += 22;
    for (const [name, value] of Object.entries(values)) {
      parts.push(...bar(name, value, value / most, y));
      y += STEP;
    }
    y += 14;
  }
  for (const text of caption) {
    parts.push(`<text class="small" x="${MARGIN}" y="${y + 6}">${escaped(text)}</text>`);
    y += 16;
  }
  return svg(y + 4, parts);
}

function heading(title, unit, y) {
  return [
    `<text class="title" x="${MARGIN}" y="${y}">${escaped(title)}</text>`,
    `<text class="small end" x="${WIDTH - MARGIN}" y="${y}">${escaped(unit)}</text>`,
  ];
}

function bar(name, value, share, y) {
  const length = Math.max(1, share * LONGEST);
  const text = value < 10 ? String(Number(value.toFixed(1))) : Math.round(value).toLocaleString('en');
  return [
    `<text class="end" x="${LABEL - 8}" y="${y + 14}">${escaped(NAMES[name] ?? name)}</text>`,
    `<rect class="${name === 'axios-challenge' ? 'own' : 'other'}" x="${LABEL}" y="${y + 3}" width="${length.toFixed(1)}" height="14" rx="2"/>`,
    `<text x="${(LABEL + length + 6).toFixed(1)}" y="${y + 14}">${text}</text>`,
  ];
}

function svg(height, parts) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    '<title>Sends for one request, and requests per second, of axios-challenge and other clients</title>',
    `<style>${STYLE}\n</style>`,
    `<rect class="paper" width="${WIDTH}" height="${height}" rx="6"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}
