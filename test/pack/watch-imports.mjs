/** Runs a file and prints a line for all that it, and what it loads, asks for: `node watch-imports.mjs FILE [ARGUMENT...]`. */

import { writeSync } from 'node:fs';
import Module, { register } from 'node:module';
import { pathToFileURL } from 'node:url';

const hook = `
import { writeSync } from 'node:fs';
export async function resolve(specifier, context, next) {
  writeSync(1, JSON.stringify([context.parentURL, specifier]) + '\\n');
  return next(specifier, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);

const load = Module._load;
Module._load = function (specifier, parent, ...rest) {
  if (parent?.filename) writeSync(1, `${JSON.stringify([pathToFileURL(parent.filename).href, specifier])}\n`);
  return load.call(this, specifier, parent, ...rest);
};

process.argv.splice(1, 1);
await import(pathToFileURL(process.argv[1]).href);
