/** Shows the progress of a long download or upload on stderr. */

import type { Socket } from 'node:net';
import { Transform } from 'node:stream';
import type { AxiosProgressEvent } from 'axios';

/** The time until the progress is shown, and between two updates, in milliseconds. */
const FIRST_DRAWING_MS = 1000;
const INTERVAL_MS = 200;

/** A stream that counts the body's bytes; `[]` if stderr cannot show the progress, or the body goes to a terminal. */
export function meter(total: number | undefined, toFile: boolean): Transform[] {
  const { stderr, stdout } = process;
  if (!canDraw() || (stdout.isTTY && !toFile)) return [];
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

/** Shows how far an upload is. */
export interface UploadMeter {
  /** Takes the total from axios, which counts a body as sent when it has read it: the socket tells what has left. */
  show(event: AxiosProgressEvent): void;
  watch(socket: Socket): void;
  stop(): void;
}

/** `undefined` if stderr cannot show the progress. */
export function uploadMeter(): UploadMeter | undefined {
  if (!canDraw()) return undefined;
  let [total, socket]: [number | undefined, Socket | undefined] = [undefined, undefined];
  const sent = () => Math.max(0, (socket?.bytesWritten ?? 0) - (socket?.writableLength ?? 0));
  const line = (milliseconds: number) => `sent ${progressLine(Math.min(sent(), total ?? 0), total, milliseconds)}`;
  const stop = drawAgainAndAgain(process.stderr, line);
  return {
    show: (event) => {
      total = event.total;
    },
    watch: (next) => {
      socket = next;
    },
    stop,
  };
}

function canDraw(): boolean {
  return process.stderr.isTTY === true && process.env.TERM !== 'dumb';
}

/** Draws on one line; the returned function stops the drawing and clears the line. */
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
    timer = setInterval(draw, INTERVAL_MS);
  }, FIRST_DRAWING_MS);
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
