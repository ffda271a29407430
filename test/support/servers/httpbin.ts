/** httpbin, the server that most clients are tried on. */

import { launch, type RunningServer } from './process.js';

/** What tells that Debian's httpbin is here, for `needs`. */
export const HTTPBIN = '/usr/lib/python3/dist-packages/httpbin';

// The system's Python has the packaged httpbin; the first one on PATH may be another.
const PYTHON = '/usr/bin/python3';

/** Starts httpbin. */
export function httpbin(): Promise<RunningServer> {
  return launch({
    files: () => ({}),
    command: ({ port }) => [
      PYTHON,
      ...['-I', '-B', '-c', `import httpbin; httpbin.app.run(host="127.0.0.1", port=${port}, threaded=True)`],
    ],
  });
}
