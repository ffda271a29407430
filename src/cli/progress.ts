/** Shows on stderr how far a long download has come. */

import { Transform } from 'node:stream';

/** When a download is called long, and how often it is told then, in milliseconds. */
const PATIENCE = 1000;
const INTERVAL = 200;

/** A stage for a body to go through, where a person looks at stderr and the body does not go to the same terminal. */
export function meter(total: number | undefined, toFile: boolean): Transform[] {
  const { stderr, stdout } = process;
  if (!stderr.isTTY || process.env.TERM === 'dumb' || (stdout.isTTY && !toFile)) return [];
  let bytes = 0;
  const stop = drawAgainAndAgain(stderr, (milliseconds) => progressLine(bytes, total, milliseconds));
  const stage = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return [stage.once('close', stop)];
}

/** On one line, which is gone when it stops. */
function drawAgainAndAgain(stderr: NodeJS.WriteStream, lineAt: (milliseconds: number) => string): () => void {
  const start = performance.now();
  const draw = () => {
    const line = lineAt(performance.now() - start).slice(0, (stderr.columns ?? 80) - 1);
    stderr.write(`\r${line}\u001b[K`);
  };
  let shown = false;
  let timer = setTimeout(() => {
    shown = true;
    draw();
    timer = setInterval(draw, INTERVAL);
  }, PATIENCE);
  const stop = () => {
    clearTimeout(timer);
    process.removeListener('exit', stop);
    if (shown) stderr.write('\r\u001b[K');
    shown = false;
  };
  process.once('exit', stop);
  return stop;
}

/** `12.3 MB of 40.0 MB  31%  4.1 MB/s  7 s left` */
export function progressLine(bytes: number, total: number | undefined, milliseconds: number): string {
  const rate = bytes / (milliseconds / 1000);
  const speed = `${size(rate)}/s`;
  if (total === undefined || total < bytes) return `${size(bytes)}  ${speed}`;
  const percent = `${Math.floor((100 * bytes) / Math.max(1, total))}%`;
  const left = rate > 0 ? [`${Math.ceil((total - bytes) / rate)} s left`] : [];
  return [`${size(bytes)} of ${size(total)}`, percent, speed, ...left].join('  ');
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

function size(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${power === 0 ? Math.round(bytes) : (bytes / 1000 ** power).toFixed(1)} ${UNITS[power]}`;
}
