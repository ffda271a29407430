/** Tells on stderr why a response is not what was asked for. */

import type { Readable } from 'node:stream';
import type { AxiosResponse } from 'axios';
import { reasonsOf } from '../../axios/response/reason.js';
import { explained, trace } from '../../axios/trace-store.js';
import { conclusion, formatOutcome } from '../../exchange/trace/explain.js';
import { textOf } from '../../syntax/said.js';
import { phrase } from '../../syntax/visible.js';
import { fitted, marked } from '../io/fitted.js';
import { excerptOf } from '../io/response.js';
import { say } from '../io/stdio.js';
import type { Plan } from './plan.js';

/** A 401 or 407: its reason, and what to do, in a few lines. With `isDrawn` the reason has been shown already. */
export async function tellRefusal(response: AxiosResponse<Readable>, isDrawn = false): Promise<void> {
  const body = await excerptOf(response);
  const said = reasonsOf(Object.assign(Object.create(null), response, { data: body }));
  const writing = { reader: 'command line', said } as const;
  const found = trace(response);
  const text = isDrawn && found ? conclusion(found, writing).join('\n') : explained(response, formatOutcome, writing);
  if (text !== '') say(fitted(text, process.stderr));
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
