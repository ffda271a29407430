/** The imports of the house point down its ranks, and leave it only where a room may (DESIGN, section 3). */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

// Room, rank, and what it may import from outside the house.
const ROOMS: ReadonlyArray<readonly [room: string, rank: number, outside: RegExp]> = [
  ['model.ts', 0, /^$/],
  ['errors.ts', 0, /^$/],
  ['member.ts', 0, /^$/],
  ['followed.ts', 0, /^$/],
  ['syntax', 1, /^$/],
  ['schemes', 2, /^node:crypto$/],
  ['providers', 2, /^(node:.*|inquirer|keytar)$/],
  ['exchange', 2, /^$/],
  ['axios', 3, /^(axios|node:.*)$/],
  ['defaults.ts', 3, /^$/],
  ['index.ts', 4, /^$/],
  ['protocol.ts', 4, /^$/],
  ['cli', 4, /^(axios|node:.*)$/],
  ['testing', 4, /^node:.*$/],
];

// What another room's entry promises to load only when it is used.
const LAZY = /^(inquirer|keytar)$/;

const IMPORT = /(?:^|\n)(?:import|export)\s(?:[^'"]*?\sfrom\s)?'([^']+)'|import\('([^']+)'\)/g;

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly lazy: boolean;
}

const imports = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file): Import[] => {
    const text = readFileSync(join(SRC, file), 'utf8');
    return [...text.matchAll(IMPORT)].map(([, eager, lazy]) => ({
      file,
      specifier: (eager ?? lazy) as string,
      lazy: lazy !== undefined,
    }));
  });

function roomOf(file: string) {
  const found = ROOMS.find(([room]) => file === room || file.startsWith(`${room}/`));
  if (!found) throw new Error(`${file} is in no room of the house`);
  const [room, rank, outside] = found;
  return { room, rank, outside };
}

function targetOf({ file, specifier }: Import): string {
  return relative(SRC, join(SRC, dirname(file), specifier)).replace(/\.js$/, '.ts');
}

const inside = imports.filter(({ specifier }) => specifier.startsWith('.'));
const outside = imports.filter(({ specifier }) => !specifier.startsWith('.'));

test('the house has imports to look at', () => {
  expect(inside.length).toBeGreaterThan(50);
  expect(outside.length).toBeGreaterThan(5);
});

test('no room imports a room of its own rank or above', () => {
  const upwards = inside.filter((one) => {
    const [from, to] = [roomOf(one.file), roomOf(targetOf(one))];
    const isFront = from.room === 'index.ts' || from.room === 'protocol.ts';
    return from.room !== to.room && (isFront ? to.rank > from.rank : to.rank >= from.rank);
  });
  expect(upwards).toEqual([]);
});

test('the strict server shares nothing with the client', () => {
  const shared = inside.filter((one) => one.file.startsWith('testing/') && !targetOf(one).startsWith('testing/'));
  expect(shared).toEqual([]);
});

test('each room imports from outside only what it may', () => {
  expect(outside.filter(({ file, specifier }) => !roomOf(file).outside.test(specifier))).toEqual([]);
});

test('inquirer and keytar are loaded when they are used', () => {
  expect(outside.filter(({ specifier, lazy }) => LAZY.test(specifier) && !lazy)).toEqual([]);
});

test('only the public door is called index', () => {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' });
  expect(files.filter((file) => /(^|\/)index\.ts$/.test(file))).toEqual(['index.ts']);
});

test('no room asks URL.canParse, which is wrong about some hosts on Node 20 and 22', () => {
  const asking = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    // The command line parses a handful of URLs, and the fault takes thousands.
    .filter((file) => file.endsWith('.ts') && !file.startsWith('cli/') && file !== 'syntax/url.ts')
    .filter((file) => readFileSync(join(SRC, file), 'utf8').includes('URL.canParse'));
  expect(asking).toEqual([]);
});
