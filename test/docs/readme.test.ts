/** What the README says is what runs. */

import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as door from '../../src/index.js';
import * as protocol from '../../src/protocol.js';
import { program, ROOT } from '../support/program.js';
import { afterwards, server } from '../support/stage.js';

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text]) => text as string);
}

test.each(blocks('ts'))('the program %#', async (text) => {
  const guarded = await server();
  const folder = await mkdtemp(join(ROOT, '.readme-'));
  afterwards(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'program.ts'), text.replaceAll('https://files.example', guarded.url));
  const variables = { AXIOS_CHALLENGE_USERNAME: 'alice', AXIOS_CHALLENGE_PASSWORD: 'wonderland' };
  const { status, stdout, stderr } = await program(join(folder, 'program.ts'), [], variables);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('authenticated: true');
});

test('the command lines for a clone are those that CI runs', () => {
  const ci = readFileSync(join(ROOT, '.ci/run'), 'utf8').split('\n');
  const commands = blocks('sh').join('').trim().split('\n');
  const ofClone = commands.filter((line) => line.startsWith('npm install &&'));
  expect(ofClone).toHaveLength(2);
  expect(ci).toEqual(expect.arrayContaining(ofClone));
});

test('the variables are those that env() reads', async () => {
  const exported = blocks('sh').find((text) => text.startsWith('export ')) ?? '';
  const environment = Object.fromEntries(
    [...exported.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
  );
  const request = { origin: 'https://files.example', realm: '', scheme: 'digest', proxy: false, url: '', refused: 0 };
  expect(await door.env({ environment }).get(request)).toEqual({ username: 'alice', password: 'wonderland' });
});

test('every function it names is exported', () => {
  const named = [...readme.matchAll(/`(\w+)(?:\(.*?\))?`/g)].map(([, name]) => name as string);
  const exported = { ...door, ...protocol };
  const functions = Object.keys(exported).filter((name) => /^[a-z]/.test(name));
  expect(functions.filter((name) => !named.includes(name) && !readme.includes(`${name}(`))).toEqual([]);
});

test('the handshake it shows looks like the one that npm start prints', async () => {
  const shown = blocks('text').join('').trim().split('\n').slice(1);
  const { stdout } = await program('examples/start.ts');
  expect(stdout.split('\n')).toEqual(expect.arrayContaining(shown));
});

test('every option is in the table', () => {
  const options = ['providers', 'schemes', 'allowInsecure', 'preemptive', 'maxCredentials', 'mutual', 'onEvent'];
  for (const option of options) expect(readme).toMatch(new RegExp(`^\\| \`${option}\` \\|`, 'm'));
});
