/** Joins the functions of src that a request goes through, for `pieced.mjs`: the package does not export them. */

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const BUILT = new URL('node_modules/.pieces/pieces.mjs', import.meta.url);
const SOURCE = `
export { Addresses } from './axios/address/addresses.ts';
export { clock } from './axios/client/clock.ts';
export { dispatchOf, siblingOf } from './axios/client/client.ts';
export { isOrdinary } from './axios/first-send.ts';
export { rulesOf } from './axios/options/options.ts';
export { conceal } from './axios/redact/outcome.ts';
export { fieldOf } from './axios/response/headers.ts';
export { noteBytesRead, readsWholeBody } from './axios/send/closed.ts';
export { lend, takeBack, withoutLoan } from './axios/send/loan.ts';
export { remember } from './axios/trace/store.ts';
export { read, select } from './exchange/challenge/select.ts';
export { Spaces } from './exchange/memory/spaces.ts';
export { needsExchange } from './exchange/send/direct.ts';
export { directSend } from './exchange/send/known.ts';
export { digest } from './schemes/digest/digest.ts';`;

export const THE_PIECES = 'its pieces in one function';

/** Each step does what those before it do, too. */
export const STEPS = [
  'computes the Authorization, hears of redirects, keeps a record',
  'looks whether the caller authorizes the request, or the body may have to be sent again',
  'predicts the target',
  'protects the config from another send that shares it',
  'can tell a connection that was closed',
  'hides what was sent',
  'looks the protection space up, and asks policy',
  'hears what the response says of the credential',
];

/** Joins the pieces, as the package itself is joined. */
export async function joinPieces() {
  await build({
    stdin: { contents: SOURCE, resolveDir: fileURLToPath(new URL('../src/', import.meta.url)) },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    define: { KEYTAR_HELPER: '""' },
    outfile: fileURLToPath(BUILT),
  });
}
