/** Starts the server in a child process, and asks it what it has counted. */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** @returns the origin, and `counted()`: requests, authorized, ncs (different ones), bytesIn, bytesOut since it was last asked */
export async function startServer() {
  const child = fork(fileURLToPath(new URL('server.mjs', import.meta.url)), { execArgv: [] });
  const [{ origin }] = await once(child, 'message');
  const counted = async () => {
    child.send('report');
    const [report] = await once(child, 'message');
    return report;
  };
  return { origin, counted, stop: () => child.disconnect() };
}
