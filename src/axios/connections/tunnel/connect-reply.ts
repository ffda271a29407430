/** Reads what a proxy says to a CONNECT: a few bytes by hand, because the socket is used for more than one of them. */

import type { Socket } from 'node:net';
import { Broken } from '../../client/broken.js';

// For the head and the body together.
const MAX_BYTES = 64 * 1024;

/** The response to a CONNECT. */
export interface ConnectReply {
  readonly status: number;
  /** The status line and the fields, without those that say how long the body is. */
  readonly head: readonly string[];
  readonly body: Buffer;
  /** Whether the connection takes another CONNECT. */
  readonly isReusable: boolean;
}

/** Called once, with the response or with why there is none. */
export type ReplyRead = (error: Error | undefined, reply?: ConnectReply) => void;

/** Reads one response. The returned function gives up, and calls nothing. */
export function readReply(socket: Socket, done: ReplyRead): () => void {
  let bytes: Buffer = Buffer.alloc(0);
  const stop = () => {
    socket.off('readable', onReadable).off('end', onEnd).off('close', onEnd).off('error', finish);
  };
  const finish: ReplyRead = (error, reply) => {
    stop();
    done(error, reply);
  };
  const onReadable = () => {
    for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length >= MAX_BYTES) break;
    }
    settle(false);
  };
  const onEnd = () => settle(true);
  const settle = (isOver: boolean) => {
    const reply = replyIn(bytes, isOver || bytes.length >= MAX_BYTES);
    if (reply instanceof Error) finish(reply);
    else if (reply) finish(undefined, reply);
  };
  socket.on('readable', onReadable).on('end', onEnd).on('close', onEnd).on('error', finish);
  return stop;
}

/** The response in these bytes; `undefined`: more must come. */
function replyIn(bytes: Buffer, isAll: boolean): ConnectReply | Error | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return isAll ? new Broken('the proxy closed the connection, or said too much') : undefined;
  const [line = '', ...fields] = bytes.toString('latin1', 0, end).split('\r\n');
  const [, minor, code] = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: |$)/.exec(line) ?? [];
  if (code === undefined) return new Broken('the proxy does not speak HTTP/1');
  const [status, rest] = [Number(code), bytes.subarray(end + 4)];
  if (status < 200) return replyIn(rest, isAll);
  // A 401 would be taken for the origin's, which has seen nothing.
  if (status === 401) return new Broken('the proxy refuses the tunnel with 401');
  if (status < 300) {
    // RFC 9110 §9.3.6: the tunnel begins here, and in TLS the client speaks first.
    if (rest.length > 0) return new Broken('the proxy has put something into the tunnel');
    return { status, head: [], body: rest, isReusable: true };
  }
  // How the body of a refusal is coded matters to nobody, so it is left out, and the connection with it.
  const isCoded = valuesOf(fields, 'transfer-encoding').length > 0;
  const length = isCoded ? 0 : lengthIn(fields);
  if (length === undefined ? !isAll : length > rest.length && !isAll) return undefined;
  const isWhole = !isCoded && length === rest.length;
  const isReusable = isWhole && (minor === '1' ? !names(fields, 'close') : names(fields, 'keep-alive'));
  const body = rest.subarray(0, length ?? rest.length);
  return {
    status,
    head: [line, ...fields.filter((field) => !FRAMING.test(field) && !OF_ORIGIN.test(field))],
    body,
    isReusable,
  };
}

const FRAMING = /^(content-length|transfer-encoding|trailer|(proxy-)?connection|keep-alive)\s*:/i;
// To an https request a proxy must not say what only the origin may: where it has moved, and what it asks for.
const OF_ORIGIN = /^(location|www-authenticate|authentication-info|set-cookie)\s*:/i;

/** RFC 9112 §6.3: the length of the body; `undefined`: it goes on until the connection is closed. */
function lengthIn(fields: readonly string[]): number | undefined {
  const [length, ...more] = valuesOf(fields, 'content-length');
  return length !== undefined && more.length === 0 && /^\d{1,9}$/.test(length) ? Number(length) : undefined;
}

function names(fields: readonly string[], option: string): boolean {
  const values = [...valuesOf(fields, 'connection'), ...valuesOf(fields, 'proxy-connection')];
  return values.some((value) => value.toLowerCase().includes(option));
}

/** Without a regular expression: a long run of blanks would keep one busy. */
function valuesOf(fields: readonly string[], name: string): string[] {
  return fields.flatMap((field) => {
    const colon = field.indexOf(':');
    return field.slice(0, Math.max(colon, 0)).toLowerCase() === name ? [field.slice(colon + 1).trim()] : [];
  });
}
