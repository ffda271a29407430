/** A real server for the tests of one `describe`, and what goes over the wire to it. */

import type { RunningServer } from './process.js';
import { Wire } from './wire.js';

/** Starts a server before the tests that are being declared, stops it after them, and begins to listen anew for each. */
export function meet(start: () => Promise<RunningServer>): { server: Omit<RunningServer, 'close'>; wire: Wire } {
  const wire = new Wire();
  let running: RunningServer | undefined;
  const server = () => {
    if (!running) throw new Error('the server runs during the tests only');
    return running;
  };
  beforeAll(async () => {
    running = await start();
    wire.listen(running.url);
  });
  beforeEach(() => {
    wire.sends = [];
  });
  afterAll(async () => {
    wire.stop();
    await running?.close();
  });
  return {
    server: {
      get url() {
        return server().url;
      },
      restart: () => server().restart(),
    },
    wire,
  };
}
