/** Does a request, from its first send to the last byte of its body: what `get` and `request` have in common. */

import type { Readable } from 'node:stream';
import type { AxiosResponse } from 'axios';
import { explain } from '../axios/record.js';
import { type Address, addressOf } from './address.js';
import { bodyLength } from './body-length.js';
import type { Given } from './command.js';
import { dataOf } from './data.js';
import { excerptOf } from './excerpt.js';
import { EXIT, Stop } from './exit-status.js';
import { failureOf } from './failure.js';
import { headersOf } from './header.js';
import { statusOf } from './life.js';
import { listener } from './listener.js';
import { accountOf, maxTimeOf } from './options.js';
import { deliver } from './output.js';
import { meter } from './progress.js';
import { send } from './send.js';
import { person, quietSources } from './sources.js';
import { say } from './talk.js';
import { within } from './time-limit.js';

/** What is done to which URL. */
export interface Action {
  /** The command, for usage errors. */
  readonly name: string;
  readonly method: string;
  /** As `-d` has it. */
  readonly data?: string | undefined;
}

/** The exit status. @throws Stop */
export async function transfer(action: Action, given: Given, leaving: AbortSignal): Promise<number> {
  const address = addressOf(given.url ?? '');
  const account = accountOf(action.name, given, address);
  const headers = headersOf(given.texts('header'));
  const signal = within(maxTimeOf(action.name, given), leaving);
  const attempt = new Attempt();
  const data =
    action.data === undefined
      ? undefined
      : await dataOf(action.data, signal).catch((error) => {
          throw error instanceof Stop ? error : failureOf(error, address, signal);
        });
  const sources = quietSources(given, address, account);
  const providers = address.password === undefined ? [...sources, person(() => attempt.leave())] : sources;
  const challenge = { providers, allowInsecure: given.has('allow-insecure'), onEvent: listener(given.has('verbose')) };
  const response = await send({ address, method: action.method, headers, data, signal, challenge });
  if (response.status < 400) return receive(response, address, given, signal);
  if (attempt.wasLeft) return statusOf('SIGINT');
  return giveBack(response, action.method, address, given);
}

/** Whether the person has left the prompt. */
class Attempt {
  wasLeft = false;

  leave(): void {
    this.wasLeft = true;
  }
}

async function receive(
  response: AxiosResponse<Readable>,
  address: Address,
  given: Given,
  signal: AbortSignal,
): Promise<number> {
  const output = given.text('output');
  const file = output === '-' ? undefined : output;
  const stages = meter(bodyLength(response), file !== undefined);
  try {
    await deliver([response.data, ...stages], file, signal);
    return EXIT.ok;
  } catch (error) {
    throw error instanceof Stop ? error : failureOf(error, address, signal);
  }
}

/** The body of such a response is no data that was asked for: it is talk, and a file is not written. */
async function giveBack(
  response: AxiosResponse<Readable>,
  method: string,
  { shown }: Address,
  given: Given,
): Promise<number> {
  const { status, statusText } = response;
  const isRefused = status === 401 || status === 407;
  if (isRefused) {
    response.data.destroy();
    if (!given.has('verbose')) say(explain(response));
    return EXIT.refused;
  }
  say(`${method} ${shown}  ->  ${status} ${statusText}`);
  const excerpt = await excerptOf(response);
  if (excerpt !== '') say(excerpt);
  return EXIT.http;
}
