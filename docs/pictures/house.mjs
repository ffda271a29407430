/** Draws the rooms of `src/` and their folders, with an arrow for each import that no other way of imports implies. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { escaped } from './svg.mjs';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));
const IMPORT = /(?:from|import\()\s*'(\.[^']+)\.js'/g;

const [WIDTH, LINE, MARGIN, RISE] = [760, 17, 16, 44];
const LETTER = 6.7;

const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328; } .name { font-weight: 600; }
  rect { fill: #f6f8fa; stroke: #8c959f; } path { fill: none; stroke: #8c959f; } .tip { fill: #8c959f; stroke: none; }
  .paper { fill: #ffffff; stroke: none; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } rect { fill: #161b22; stroke: #7d8590; } path { stroke: #7d8590; } .tip { fill: #7d8590; }
    .paper { fill: #0d1117; }
  }`;

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const roomOf = (file) => file.split('/')[0];
const importsOf = (file) =>
  [...readFileSync(join(SRC, file), 'utf8').matchAll(IMPORT)].map(([, path]) =>
    relative(SRC, join(SRC, dirname(file), `${path}.ts`)),
  );

/** Each room with the rooms that its files import. */
function roomsAndImports() {
  const rooms = new Map(files.map((file) => [roomOf(file), new Set()]));
  for (const file of files)
    for (const target of importsOf(file))
      if (roomOf(target) !== roomOf(file)) rooms.get(roomOf(file)).add(roomOf(target));
  return rooms;
}

/** The rows from the top: the rooms that nothing imports, then each room below all rooms that import it. */
function rowsOf(rooms) {
  const above = (room) => [...rooms].filter(([, targets]) => targets.has(room)).map(([name]) => name);
  const depths = new Map();
  const depthOf = (room) => {
    if (!depths.has(room)) depths.set(room, Math.max(-1, ...above(room).map(depthOf)) + 1);
    return depths.get(room);
  };
  const rows = [];
  for (const room of [...rooms.keys()].sort()) {
    const row = depthOf(room);
    rows[row] = [...(rows[row] ?? []), room];
  }
  return untangled(rooms, rows);
}

/** Each row in the order of what leads to its rooms, so that few arrows cross a box. */
function untangled(rooms, rows) {
  const places = new Map();
  const placeOf = (room) => {
    const above = [...places].filter(([name]) => direct(rooms, name).includes(room)).map(([, place]) => place);
    return above.reduce((sum, place) => sum + place, 0) / above.length || 0;
  };
  return rows.map((row) => {
    const sorted = row.map((room) => ({ room, place: placeOf(room) })).sort((one, other) => one.place - other.place);
    for (const [index, { room }] of sorted.entries()) places.set(room, (index + 0.5) / sorted.length);
    return sorted.map(({ room }) => room);
  });
}

/** The imports of a room without those that another import leads to as well. */
function direct(rooms, room) {
  const reach = (from) => [...rooms.get(from)].flatMap((next) => [next, ...reach(next)]);
  const targets = [...rooms.get(room)];
  return targets.filter((target) => !targets.some((other) => other !== target && reach(other).includes(target)));
}

/** The name of a room, and a line for every folder: how many files there are. */
function linesOf(room) {
  const inside = files.filter((file) => file.startsWith(`${room}/`));
  if (inside.length === 0) return [room];
  const counts = new Map();
  for (const file of inside) {
    const folder = relative(room, dirname(file));
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const folders = [...counts].filter(([folder]) => folder !== '').map(([folder, count]) => `${folder} ${count}`);
  return [`${room}/ ${inside.length}`, ...folders.sort()];
}

/** The boxes of all rows, each row over the whole width. */
function boxesOf(rows) {
  const boxes = new Map();
  let y = MARGIN;
  for (const row of rows) {
    const drawn = row.map((room) => {
      const lines = linesOf(room);
      // Many folders stand in two columns.
      const columns = lines.length > 7 ? 2 : 1;
      const perColumn = Math.ceil((lines.length - 1) / columns);
      const longest = Math.max(...lines.slice(1).map(({ length }) => length), 0);
      const width = Math.max(lines[0].length * 7.4, columns * (longest * LETTER + 10)) + 20;
      return { room, lines, columns, perColumn, width, height: (perColumn + 1) * LINE + 12 };
    });
    const gap = (WIDTH - drawn.reduce((sum, { width }) => sum + width, 0)) / (drawn.length + 1);
    let x = gap;
    for (const box of drawn) {
      boxes.set(box.room, { ...box, x, y });
      x += box.width + gap;
    }
    y += Math.max(...drawn.map(({ height }) => height)) + RISE;
  }
  return { boxes, height: y - RISE + MARGIN };
}

function box({ lines, columns, perColumn, width, height, x, y }) {
  const [name, ...folders] = lines;
  const texts = folders.map((text, index) => {
    const left = x + 10 + Math.floor(index / perColumn) * ((width - 10) / columns);
    return `<text x="${round(left)}" y="${y + 34 + (index % perColumn) * LINE}">${escaped(text)}</text>`;
  });
  return [
    `<rect x="${round(x)}" y="${y}" width="${round(width)}" height="${height}" rx="5"/>`,
    `<text class="name" x="${round(x + 10)}" y="${y + 17}">${escaped(name)}</text>`,
    ...texts,
  ];
}

function arrow(from, to) {
  const [x1, y1, x2, y2] = [from.x + from.width / 2, from.y + from.height, to.x + to.width / 2, to.y];
  const bend = (y2 - y1) / 2;
  return [
    `<path d="M${round(x1)} ${y1}C${round(x1)} ${y1 + bend} ${round(x2)} ${y2 - bend} ${round(x2)} ${y2 - 5}"/>`,
    `<path class="tip" d="M${round(x2)} ${y2}l-4 -7h8z"/>`,
  ];
}

const round = (number) => number.toFixed(1);

/** The picture, from the imports as they are now. */
export function house() {
  const rooms = roomsAndImports();
  const { boxes, height } = boxesOf(rowsOf(rooms));
  const arrows = [...rooms.keys()].flatMap((room) =>
    direct(rooms, room).flatMap((target) => arrow(boxes.get(room), boxes.get(target))),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    '<title>The rooms of src, their folders with the number of files, and what imports what</title>',
    `<style>${STYLE}\n</style>`,
    `<rect class="paper" width="${WIDTH}" height="${height}"/>`,
    ...arrows,
    ...[...boxes.values()].flatMap(box),
    '</svg>\n',
  ].join('\n');
}
