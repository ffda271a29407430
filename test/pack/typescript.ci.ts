/** Programs in TypeScript compile against the packed package, however the compiler resolves modules. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportsOf } from '../support/docs-compile.js';
import { lend, project, runIn } from '../support/packed.js';
import { ROOT } from '../support/program.js';

/** The programs that are compiled with every axios, too. */
function consumer(file: string): string {
  return readFileSync(join(ROOT, 'test/versions/consumer', file), 'utf8');
}

const DOORS = {
  'axios-challenge': 'src/index.ts',
  'axios-challenge/protocol': 'src/protocol.ts',
  'axios-challenge/testing': 'src/testing/challenge-server.ts',
  'axios-challenge/oauth': 'src/oauth/oauth.ts',
  'axios-challenge/ntlm': 'src/ntlm.ts',
  'axios-challenge/negotiate': 'src/negotiate.ts',
};

/** A program that uses each public name of each door, as the source exports them. */
function everyName(): string {
  const lines = Object.entries(DOORS).map(([door, file], index) => {
    const names = exportsOf(file).map((name) => `${name} as ${name}${index}`);
    return `export type { ${names.join(', ')} } from '${door}';`;
  });
  return lines.join('\n');
}

const WAYS = [
  ['node16', 'node16'],
  ['nodenext', 'nodenext'],
  ['bundler', 'esnext'],
  ['bundler', 'preserve'],
] as const;

const strict = { strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true };

async function compile(options: object, files: Readonly<Record<string, string>>, type = 'module') {
  const config = { compilerOptions: { ...strict, target: 'es2022', types: ['node'], ...options } };
  const folder = await project({
    'package.json': JSON.stringify({ private: true, type }),
    'tsconfig.json': JSON.stringify(config),
    ...files,
  });
  for (const name of ['@types/node', 'undici-types']) await lend(folder, name);
  return runIn(folder, join(ROOT, 'node_modules/.bin/tsc'), '-p', '.');
}

const COMPILES = { status: 0, stdout: '', stderr: '' };

test.each(WAYS)(
  'moduleResolution %s, module %s: every name, import, and challenge on a request',
  async (moduleResolution, module) => {
    const files = { 'consumer.ts': consumer('consumer.ts'), 'names.ts': everyName() };
    expect(await compile({ moduleResolution, module }, files)).toEqual(COMPILES);
  },
);

test.each([
  ['node16', 'node16'],
  ['nodenext', 'nodenext'],
])('moduleResolution %s, module %s: CommonJS, by require', async (moduleResolution, module) => {
  const files = { 'consumer.cts': consumer('consumer.cts'), 'names.ts': everyName() };
  expect(await compile({ moduleResolution, module }, files, 'commonjs')).toEqual(COMPILES);
});

test('what is wrong in a program is told: the types are not any', async () => {
  const wrong = `import { installAuth, type NoSuchName } from 'axios-challenge';\ninstallAuth('no client');\n`;
  const { status, stdout } = await compile({ moduleResolution: 'nodenext', module: 'nodenext' }, { 'wrong.ts': wrong });
  expect(status).not.toBe(0);
  expect(stdout).toMatch(/wrong\.ts\(1,\d+\): error TS2305[\s\S]*wrong\.ts\(2,\d+\): error TS2345/);
});
