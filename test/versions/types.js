/** Compiles the program of a consumer, in ESM and in CommonJS, with the types of every axios. */

import { join } from 'node:path';
import ts from 'typescript';
import { axioses, HERE, ROOT } from './matrix.js';

const FORMS = [
  { source: 'consumer.ts', types: 'index.d.ts', dist: 'esm' },
  { source: 'consumer.cts', types: 'index.d.cts', dist: 'commonjs' },
];

/** What the compiler has to say; the declarations that we publish are checked as well. */
function diagnosticsOf({ folder }, { source, types, dist }) {
  const ours = (file) => [join(ROOT, 'dist', dist, file)];
  const options = {
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    typeRoots: [join(ROOT, 'node_modules/@types')],
    types: ['node'],
    paths: {
      axios: [join(folder, types)],
      'axios-challenge': ours('index.d.ts'),
      'axios-challenge/protocol': ours('protocol.d.ts'),
      'axios-challenge/testing': ours('testing/challenge-server.d.ts'),
      'axios-challenge/oauth': ours('oauth/oauth.d.ts'),
      'axios-challenge/ntlm': ours('ntlm.d.ts'),
      'axios-challenge/negotiate': ours('negotiate.d.ts'),
    },
  };
  const program = ts.createProgram([join(HERE, 'consumer', source)], options);
  if (!program.getSourceFile(join(folder, types))) throw new Error(`${source} did not read the types of ${folder}`);
  return ts.getPreEmitDiagnostics(program);
}

const host = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => ROOT, getNewLine: () => '\n' };

for (const axios of axioses()) {
  const found = FORMS.flatMap((form) => diagnosticsOf(axios, form));
  console.log(
    `types of axios ${axios.version}: ${found.length === 0 ? 'the program compiles' : `${found.length} errors`}`,
  );
  process.stdout.write(ts.formatDiagnostics(found, host));
  if (found.length > 0) process.exitCode = 1;
}
