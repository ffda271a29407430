/** The imports of the house point down its ranks, and leave it only where a room may (DESIGN, section 3). */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

// Room, rank, and what it may import from outside the house.
const ROOMS: ReadonlyArray<readonly [room: string, rank: number, outside: RegExp]> = [
  ['model.ts', 0, /^$/],
  ['errors.ts', 0, /^$/],
  ['base', 0, /^$/],
  ['syntax', 1, /^$/],
  ['schemes', 2, /^(node:crypto|kerberos)$/],
  ['providers', 2, /^(node:.*|inquirer|keytar)$/],
  ['exchange', 2, /^$/],
  ['axios', 3, /^(axios|node:.*)$/],
  ['oauth', 3, /^(axios|node:.*|oauth4webapi)$/],
  ['defaults.ts', 3, /^$/],
  ['oauth', 3, /^(axios|oauth4webapi|node:.*)$/],
  ['index.ts', 4, /^$/],
  ['protocol.ts', 4, /^$/],
  ['negotiate.ts', 4, /^$/],
  ['ntlm.ts', 4, /^$/],
  ['cli', 4, /^(axios|node:.*)$/],
  ['testing', 4, /^node:.*$/],
];

// What another room's entry promises to load only when it is used.
const LAZY = /^(inquirer|kerberos|keytar|oauth4webapi)$/;

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

test('the source has imports to check', () => {
  expect(inside.length).toBeGreaterThan(50);
  expect(outside.length).toBeGreaterThan(5);
});

test('no room imports a room of its own rank or above', () => {
  const upwards = inside.filter((one) => {
    const [from, to] = [roomOf(one.file), roomOf(targetOf(one))];
    const isFront = ['index.ts', 'negotiate.ts', 'ntlm.ts', 'protocol.ts'].includes(from.room);
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

test('inquirer, kerberos, keytar and oauth4webapi are loaded when they are used', () => {
  expect(outside.filter(({ specifier, lazy }) => LAZY.test(specifier) && !lazy)).toEqual([]);
});

/** Where each file leads inside the house. */
const arrows = new Map<string, string[]>();
for (const one of inside) arrows.set(one.file, [...(arrows.get(one.file) ?? []), targetOf(one)]);

/** The ways from a place back to itself, each from the first place that is on it. */
function circlesOf(leadsTo: ReadonlyMap<string, readonly string[]>): string[] {
  const reachable = (from: string) => {
    const seen = new Set(leadsTo.get(from));
    for (const place of seen) for (const next of leadsTo.get(place) ?? []) seen.add(next);
    return seen;
  };
  return [...leadsTo.keys()].filter((place) => reachable(place).has(place));
}

test('no file imports its way back to itself, inside a room either', () => {
  expect(circlesOf(new Map([...arrows, ['a.ts', ['b.ts']], ['b.ts', ['a.ts']]]))).toEqual(['a.ts', 'b.ts']);
  expect(circlesOf(arrows)).toEqual([]);
});

test('no folder inside a room imports its way back to itself', () => {
  const folders = new Map<string, string[]>();
  for (const [file, targets] of arrows) {
    const from = dirname(file);
    const isNear = (target: string) => dirname(target) !== from && roomOf(target).room === roomOf(file).room;
    folders.set(from, [...(folders.get(from) ?? []), ...targets.filter(isNear).map((target) => dirname(target))]);
  }
  expect(circlesOf(folders)).toEqual([]);
});

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

// The strict server shares nothing with the client, and has no floors of its own.
const LARGER: Readonly<Record<string, number>> = { testing: 22 };

test('no folder has more than ten files', () => {
  const sizes = new Map<string, number>();
  for (const file of files) sizes.set(dirname(file), (sizes.get(dirname(file)) ?? 0) + 1);
  expect([...sizes].filter(([folder, size]) => size > (LARGER[folder] ?? 10))).toEqual([]);
});

test('no two files export the same name', () => {
  const EXPORT = /^export (?:abstract )?(?:async )?(?:class|function|const|type|interface)\s+([A-Za-z_$][\w$]*)/gm;
  const homes = new Map<string, Set<string>>();
  for (const file of files.filter((one) => !one.startsWith('testing/'))) {
    for (const [, name] of readFileSync(join(SRC, file), 'utf8').matchAll(EXPORT)) {
      homes.set(name as string, (homes.get(name as string) ?? new Set()).add(file));
    }
  }
  expect(homes.size).toBeGreaterThan(200);
  expect([...homes].filter(([, places]) => places.size > 1)).toEqual([]);
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
