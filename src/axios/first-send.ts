/** The first send of a request, before there is an exchange: most requests need none. */

import type { InternalAxiosRequestConfig } from 'axios';
import type { KnownSend } from '../exchange/known.js';
import { type Place, Recorder } from '../exchange/recorder.js';
import type { Rules } from '../exchange/rules.js';
import { usesFetch } from './adapter.js';
import { setsField } from './caller.js';
import type { Dispatch } from './client.js';
import { clock } from './clock.js';
import { failureOf } from './failure.js';
import { fieldOf } from './fields.js';
import { Hops } from './hops.js';
import { Progress } from './progress.js';
import type { Recorded } from './record.js';
import { type Outcome, responseOf } from './reply.js';
import { lend, takeBack } from './sent-config.js';
import { urlText } from './target.js';

/** What it takes. */
export interface FirstSend {
  readonly config: InternalAxiosRequestConfig;
  readonly dispatch: Dispatch;
  /** Where it goes; asked for when it matters. */
  readonly place: () => Place;
  /** With the answer to the challenge, where that is known. */
  readonly known: KnownSend | undefined;
}

/** What came of it. */
export interface Sent {
  readonly outcome: Outcome;
  readonly hops: Hops;
  readonly known: KnownSend | undefined;
  /** By the clock. */
  readonly began: number;
  readonly milliseconds: number;
}

export async function firstSend({ config, dispatch, place, known }: FirstSend): Promise<Sent> {
  const hops = new Hops({ config, origin: () => place().origin, throughProxy: () => undefined }, known);
  const began = clock.now();
  let outcome: Outcome;
  try {
    outcome = { ok: true, response: await dispatch(lend(config, hops), config.adapter) };
  } catch (error) {
    outcome = { ok: false, error };
  }
  takeBack(config, hops);
  known?.end();
  return { outcome, hops, known, began, milliseconds: clock.now() - began };
}

/** Whether a response says more than that the request went through, as was to be expected. */
export function isNews({ outcome, known, hops }: Sent, { mutual }: Rules): boolean {
  const response = responseOf(outcome);
  if (!response) return false;
  const { status, request } = response;
  if (!known) return status === 401 || status === 407;
  if (mutual === 'require' || hops.isRedirected) return true;
  const answered = request?.res?.responseUrl ?? request?.responseURL ?? known.target.url;
  return answered !== known.target.url || !known.isLetIn(status, fieldOf(response, 'authentication-info'));
}

/** The record of a send that said no news, made when it is asked for. It holds on to no credential. */
export function recordOf({ outcome, known, began, milliseconds }: Sent, place: () => Place): Recorded {
  const newRecorder = () => new Recorder({ place, clock, began, listener: undefined, isCallers: false });
  const response = responseOf(outcome);
  if (!response) {
    const recorder = newRecorder();
    if (known) known.record(recorder, began);
    else recorder.first();
    if (!outcome.ok) recorder.fail(failureOf(outcome.error));
    return () => recorder;
  }
  const { status } = response;
  const described = known?.described;
  let recorder: Recorder | undefined;
  return () => {
    if (recorder) return recorder;
    recorder = newRecorder();
    recorder.first({ status, milliseconds }, described);
    return recorder;
  };
}

/** Sent by axios's http adapter as it is: a body that can be sent again, no credential of the caller, no proxy of theirs. */
export function isOrdinary(config: InternalAxiosRequestConfig): boolean {
  const { adapter, auth, data, proxy, url, baseURL } = config;
  if (Progress.isWanted(config) || (typeof proxy === 'object' && proxy !== null)) return false;
  if (auth || setsField(config, 'authorization') || typeof adapter === 'function' || usesFetch(adapter)) return false;
  if (typeof data === 'object' && data !== null && !Buffer.isBuffer(data)) return false;
  return !urlText(url)?.includes('@') && !urlText(baseURL)?.includes('@');
}
