/** The fake in the place of the package, for a process of its own that imports `kerberos`. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compiled } from './compiled.js';

/** The variables of a process for which `kerberos` is a file: by default the fake. A folder takes what is written. */
export function withKerberos(folder: string, file = compiled('test/support/fake-kerberos-package.ts')) {
  const hook = `export const resolve = (what, context, next) =>
    what === 'kerberos' ? next(${JSON.stringify(pathToFileURL(file).href)}, context) : next(what, context);`;
  const loader = join(folder, 'kerberos.mjs');
  const source = JSON.stringify(`data:text/javascript,${encodeURIComponent(hook)}`);
  writeFileSync(loader, `import { register } from 'node:module';\nregister(${source});\n`);
  return { NODE_OPTIONS: `--import ${loader}` };
}
