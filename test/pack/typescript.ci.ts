/** Programs in TypeScript compile against the packed package, however the compiler resolves modules. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { lend, project, runIn } from '../support/packed.js';
import { ROOT } from '../support/program.js';

/** The programs that are compiled with every axios, too. */
function consumer(file: string): string {
  return readFileSync(join(ROOT, 'test/versions/consumer', file), 'utf8');
}

const DOORS = {
  index: 'axios-challenge',
  protocol: 'axios-challenge/protocol',
  'testing/challenge-server': 'axios-challenge/testing',
};

/** A program that imports each public name of each door, as the source exports them. */
function everyName(): string {
  const files = Object.keys(DOORS).map((door) => join(ROOT, `src/${door}.ts`));
  const checker = ts.createProgram(files, { module: ts.ModuleKind.NodeNext, types: ['node'] });
  const lines = Object.values(DOORS).map((specifier, index) => {
    const names = namesOf(checker, files[index] as string);
    return `export type { ${names.map((name) => `${name} as ${name}${index}`).join(', ')} } from '${specifier}';`;
  });
  return lines.join('\n');
}

function namesOf(program: ts.Program, file: string): string[] {
  const checker = program.getTypeChecker();
  const symbol = checker.getSymbolAtLocation(program.getSourceFile(file) as ts.SourceFile) as ts.Symbol;
  return checker.getExportsOfModule(symbol).map(({ name }) => name);
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
