/** Tells on stderr why a response is not what was asked for. */

import type { Readable } from 'node:stream';
import type { AxiosResponse } from 'axios';
import { reasonsOf } from '../../axios/response/reason.js';
import { explained, trace } from '../../axios/trace/store.js';
import { conclusion, formatOutcome } from '../../exchange/trace/explain.js';
import { textOf } from '../../syntax/said.js';
import { phrase } from '../../syntax/visible.js';
import { fitted, marked } from '../io/fitted.js';
import { excerptOf } from '../io/response.js';
import { say } from '../io/stdio.js';
import type { Plan } from './plan.js';

// The command line has no such option.
const OPTION_OF_PROGRAMS = ' (maxCredentials)';

/** How a refusal is told. */
interface Telling {
  /** Whether its reason has been shown already. */
  readonly isDrawn?: boolean;
  /** What the server may say back, and nobody may see: a short token looks like a word. */
  readonly secret?: string | undefined;
}

/** A 401 or 407: its reason, and what to do, in a few lines. */
export async function tellRefusal(
  response: AxiosResponse<Readable>,
  { isDrawn = false, secret }: Telling = {},
): Promise<void> {
  const body = await excerptOf(response);
  const reasons = reasonsOf(Object.assign(Object.create(null), response, { data: body }));
  const said = secret === undefined ? reasons : reasons.map((reason) => reason.replaceAll(secret, '...'));
  const writing = { reader: 'command line', said } as const;
  const found = trace(response);
  const text = isDrawn && found ? conclusion(found, writing).join('\n') : explained(response, formatOutcome, writing);
  if (text !== '') say(fitted(text.replace(OPTION_OF_PROGRAMS, ''), process.stderr));
}

/** Another status of 400 or above: the beginning of its body, unless that is shown already. */
export async function tellError(
  response: AxiosResponse<Readable>,
  { method, address }: Pick<Plan, 'method' | 'address'>,
  isShown = false,
): Promise<void> {
  const { status, statusText } = response;
  say(fitted(`${method} ${address.shown}  ->  ${status} ${phrase(textOf(statusText))}`, process.stderr));
  const excerpt = isShown ? '' : await excerptOf(response);
  if (excerpt !== '') say(marked(excerpt, process.stderr));
}
