/** What a command loads: oauth4webapi only when a token is got, renewed or revoked. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { server } from '../support/stage.js';
import { ALICE, cli, folder } from './run.js';

const HOOK = `
import { register } from 'node:module';
const hook = "export async function resolve(what, context, next) {" +
  " if (what === 'oauth4webapi' || what === 'axios') process._rawDebug('loads ' + what); return next(what, context); }";
register('data:text/javascript,' + encodeURIComponent(hook));
`;

test.each([
  ['get', ['get']],
  ['probe', ['probe']],
  ['status', ['status']],
  ['logout', ['logout']],
  ['login', ['login']],
  ['login --help', ['login', '--help']],
])('%s loads nothing of oauth4webapi', async (_, args) => {
  const { url } = await server();
  const watch = join(folder(), 'watch.mjs');
  writeFileSync(watch, HOOK);
  const { stderr } = await cli([...args, url], { ...ALICE, NODE_OPTIONS: `--import ${watch}` });
  expect(stderr).not.toContain('loads oauth4webapi');
  // The hook sees what is loaded.
  if (args[0] === 'get') expect(stderr).toContain('loads axios');
});
