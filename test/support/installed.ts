/** The built package as somebody's program has it: in a `node_modules` of its own, with or without its optional parts. */

import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './program.js';
import { afterwards } from './stage.js';

/** `unloadable`: its native part needs a library that no machine has. */
export type Keytar = 'installed' | 'absent' | 'unloadable';

const PROGRAMS = {
  'visit.mjs': `import axios from 'axios';
import { explain, installAuth } from 'axios-challenge';
const client = axios.create();
installAuth(client);
const outcome = await client.get(process.argv[2]).catch((error) => error);
console.log(explain(outcome));
`,
  'visit.cjs': `const axios = require('axios');
const { explain, installAuth } = require('axios-challenge');
const client = axios.create();
installAuth(client);
client.get(process.argv[2]).catch((error) => error).then((outcome) => console.log(explain(outcome)));
`,
} as const;

/** The path of a program that gets the URL of its argument, and explains how that went. */
export async function installed(keytar: Keytar, program: keyof typeof PROGRAMS = 'visit.mjs'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'axios-challenge-installed-'));
  afterwards(() => rm(folder, { recursive: true }));
  const modules = join(folder, 'node_modules');
  await mkdir(modules);
  await cp(join(ROOT, 'dist'), join(modules, 'axios-challenge/dist'), { recursive: true });
  await cp(join(ROOT, 'package.json'), join(modules, 'axios-challenge/package.json'));
  for (const name of ['axios', 'inquirer']) await link(name, modules);
  if (keytar === 'installed') await link('keytar', modules);
  if (keytar === 'unloadable') await spoil(join(modules, 'keytar'));
  await writeFile(join(folder, program), PROGRAMS[program]);
  return join(folder, program);
}

async function link(name: string, modules: string): Promise<void> {
  await symlink(join(ROOT, 'node_modules', name), join(modules, name), 'dir');
}

async function spoil(copy: string): Promise<void> {
  const original = join(ROOT, 'node_modules/keytar');
  const native = 'build/Release/keytar.node';
  for (const part of ['package.json', 'lib', native])
    await cp(join(original, part), join(copy, part), { recursive: true });
  const binary = await readFile(join(copy, native), 'latin1');
  await writeFile(join(copy, native), binary.replaceAll('libsecret-1.so.0', 'libsecret-9.so.0'), 'latin1');
}
