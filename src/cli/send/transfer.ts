/** Sends a request and writes the body of its response: the part that `get` and `request` share. */

import { writeFile } from 'node:fs/promises';
import { PassThrough, type Readable } from 'node:stream';
import type { AxiosResponse } from 'axios';
import { type Listener, listener } from '../draw/listener.js';
import { misused } from '../input/arguments.js';
import type { Invocation } from '../input/command.js';
import { countOf, millisecondsOf } from '../input/options.js';
import { schemesOf } from '../input/schemes.js';
import { EXIT, Stop } from '../io/exit.js';
import { headOf } from '../io/head.js';
import { deliver } from '../io/output.js';
import { statusOf } from '../io/process.js';
import { meter, type UploadMeter, uploadMeter } from '../io/progress.js';
import { bodyLength } from '../io/response.js';
import { hush, print } from '../io/stdio.js';
import { type Connection, connectionOf, proxyFor } from './connection.js';
import { curlCommand } from './curl.js';
import { describeFailure } from './failure.js';
import { type Content, contentOf, type Plan, planOf } from './plan.js';
import { tellError, tellRefusal } from './report.js';
import { withRetries } from './retry.js';
import { sendRequest } from './send.js';
import { isPersonAsked, person, quietSources } from './sources.js';
import { within } from './time-limit.js';

/** Sends the request that the command line describes, and returns the exit status. @throws Stop */
export async function transfer(name: string, given: Invocation, leaving: AbortSignal): Promise<number> {
  const plan = planOf(name, given);
  const [limit, times] = [millisecondsOf(name, given, 'max-time'), countOf(name, given, 'retry')];
  const file = outputOf(name, given, plan);
  if (given.has('curl')) return printed(curlCommand(plan, given));
  if (given.has('silent') && !given.has('show-error')) hush();
  const signal = within(limit, leaving);
  const listening = listener(given.has('verbose'), signal);
  const attempt = new Attempt();
  const parts = { given, plan, signal, attempt, listening };
  const response = await sendWithRetries(name, times, parts).catch((error) => {
    throw describeFailure(error, plan.address, signal);
  });
  await listening.done();
  if (response.status >= 400 && attempt.wasLeft) return statusOf('SIGINT');
  await dumpHead(response, given);
  const written: Written = { given, file, signal, plan };
  return response.status < 400 ? receive(response, written) : giveBack(response, written);
}

interface Parts {
  readonly given: Invocation;
  readonly plan: Plan;
  readonly signal: AbortSignal;
  readonly attempt: Attempt;
  readonly listening: Listener;
}

/** Reads the body and the certificates once, however often the request is sent. */
async function sendWithRetries(name: string, times: number, parts: Parts): Promise<AxiosResponse<Readable>> {
  const { given, signal } = parts;
  const content = await contentOf(given, signal);
  // What watches a connection cannot open one through a proxy.
  const isWatched = !content.isEmpty && !['silent', 'ntlm', 'negotiate'].some((option) => given.has(option));
  const progress = isWatched ? uploadMeter() : undefined;
  try {
    const connection = await connectionOf(name, given, signal, progress?.watch);
    return await withRetries(times, () => sendOnce(content, { ...parts, connection, progress }), signal);
  } finally {
    progress?.stop();
  }
}

interface Means extends Parts {
  readonly connection: Connection;
  readonly progress: UploadMeter | undefined;
}

async function sendOnce(content: Content, means: Means): Promise<AxiosResponse<Readable>> {
  const { given, plan, signal, attempt, listening, connection, progress } = means;
  const { address, method } = plan;
  const sources = await quietSources(given, address);
  const challenge = {
    providers: isPersonAsked(given, address) ? [...sources, person(() => attempt.leave(), progress?.stop)] : sources,
    allowInsecure: given.has('allow-insecure'),
    schemes: await schemesOf(given, address.origin, proxyFor(address.origin, connection)),
    onEvent: listening.hear,
  };
  const headers = { ...content.headers, ...plan.headers };
  const sending = { address, method, headers, data: content.open(), signal, connection, challenge };
  return sendRequest({ ...sending, onUpload: progress?.show });
}

/** Remembers whether the person has left the prompt. */
class Attempt {
  wasLeft = false;

  leave(): void {
    this.wasLeft = true;
  }
}

function printed(text: string): number {
  print(text);
  return EXIT.ok;
}

/** The file of `-o`, or of `-O`; `undefined` for stdout. */
function outputOf(name: string, given: Invocation, { address }: Plan): string | undefined {
  const output = given.text('output');
  if (!given.has('remote-name')) return output === '-' ? undefined : output;
  const file = new URL(address.url).pathname.split('/').at(-1) ?? '';
  if (file === '') throw misused(name, '--remote-name needs a URL that ends with a file name');
  return file;
}

interface Written {
  readonly given: Invocation;
  readonly file: string | undefined;
  readonly signal: AbortSignal;
  readonly plan: Plan;
}

async function dumpHead(response: AxiosResponse<Readable>, given: Invocation): Promise<void> {
  const file = given.text('dump-header');
  if (file === undefined) return;
  if (file === '-') return writeHead(response);
  await writeFile(file, headOf(response)).catch(({ code }: NodeJS.ErrnoException) => {
    throw new Stop(EXIT.failed, `the file of --dump-header cannot be written (${code})`);
  });
}

/** Writes the head to stdout: as it arrived, or harmless on a terminal. */
async function writeHead(response: AxiosResponse<Readable>): Promise<void> {
  const head = headOf(response);
  if (process.stdout.isTTY) print(head.toString('latin1').replaceAll('\r\n', '\n').trimEnd());
  else process.stdout.write(head);
}

async function receive(response: AxiosResponse<Readable>, { given, file, signal, plan }: Written): Promise<number> {
  const stages = given.has('silent') ? [] : meter(bodyLength(response), file !== undefined);
  try {
    await deliver([shownParts(response, given), ...stages], file, signal);
    return EXIT.ok;
  } catch (error) {
    throw describeFailure(error, plan.address, signal);
  }
}

/** The body, with the head before it for `-i`, and the head alone for `-I`. */
function shownParts(response: AxiosResponse<Readable>, given: Invocation): Readable {
  const { data } = response;
  if (given.has('head')) {
    data.on('error', () => {}).destroy();
    return new PassThrough().end(headOf(response));
  }
  if (!given.has('include')) return data;
  const joined = new PassThrough();
  joined.write(headOf(response));
  data.once('error', (error) => joined.destroy(error));
  return data.pipe(joined);
}

/**
 * Reports a status of 400 or above on stderr. Its body is not the requested data, so it is not written, apart from what
 * `-i` and `-I` ask for; an output file stays as it was.
 */
async function giveBack(response: AxiosResponse<Readable>, written: Written): Promise<number> {
  const { given, plan } = written;
  const isShown = (given.has('include') || given.has('head')) && !given.has('fail');
  if (isShown) await receive(response, { ...written, file: undefined });
  const isRefused = response.status === 401 || response.status === 407;
  await (isRefused ? tellRefusal(response, { isDrawn: given.has('verbose') }) : tellError(response, plan, isShown));
  return isRefused ? EXIT.refused : EXIT.http;
}
