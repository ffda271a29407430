/** Imports a package and prints every file that was loaded for it: `node loaded.mjs NAME`. */

import Module, { register } from 'node:module';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';

const { port1, port2 } = new MessageChannel();
register('./loaded-hook.mjs', import.meta.url, { data: { port: port2 }, transferList: [port2] });

await import(process.argv[2]);

const files = new Set(Object.keys(Module._cache));
for (let got = receiveMessageOnPort(port1); got; got = receiveMessageOnPort(port1)) files.add(got.message);
// Native addons (keytar is one) are libraries of the process.
for (const library of process.report.getReport().sharedObjects) files.add(library);
console.log(JSON.stringify([...files]));
process.exit();
