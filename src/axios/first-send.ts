/** Sends a request without creating an exchange first; most requests need no exchange. */

import type { InternalAxiosRequestConfig } from 'axios';
import type { Rules } from '../exchange/challenge/rules.js';
import { type KnownSend, needsExchange } from '../exchange/send/known.js';
import { type Place, Recorder } from '../exchange/trace/recorder.js';
import { hasUserinfo, namesAny } from './address/explicit-auth.js';
import { Progress } from './body/progress.js';
import { usesFetch } from './client/adapter.js';
import type { Dispatch } from './client/client.js';
import { clock } from './client/clock.js';
import { type Outcome, outcomeOf } from './client/outcome.js';
import { failureOf, LATE } from './response/failure.js';
import { fieldOf } from './response/headers.js';
import { responseOf } from './response/reply.js';
import { hasRunOut } from './response/unread.js';
import { isIdempotent, metClosed, noteBytesRead, readsWholeBody } from './send/closed.js';
import { lend, takeBack } from './send/loan.js';
import { transportOf } from './send/own-transport.js';
import { Hops } from './send/redirects.js';
import type { Recorded } from './trace/store.js';

/** The input of `sendDirectly`. */
export interface FirstSend {
  readonly config: InternalAxiosRequestConfig;
  readonly dispatch: Dispatch;
  /** The place that the request goes to; computed only when it is needed. */
  readonly place: () => Place;
  /** The authorized send, if the answer to the challenge is already known. */
  readonly known: KnownSend | undefined;
}

/** A finished send. */
export interface FinishedSend {
  readonly outcome: Outcome;
  readonly hops: Hops;
  /** When the send began, by the clock. */
  readonly began: number;
  readonly milliseconds: number;
  /** Whether the caller's timeout expired. */
  readonly hasRunOut: boolean;
}

/** The result of `sendDirectly`. */
export interface DirectResult extends FinishedSend {
  readonly known: KnownSend | undefined;
}

export async function sendDirectly({ config, dispatch, place, known }: FirstSend): Promise<DirectResult> {
  const context = { config, place, throughProxy: noProxy, hasOwnHost: false };
  const hops = new Hops(context, known);
  const began = clock.now();
  const outcome = await outcomeOf(dispatch, lend(config, hops), config.adapter);
  takeBack(config, hops);
  known?.end();
  if (outcome.ok) noteBytesRead(outcome.response.request, readsWholeBody(config));
  const milliseconds = clock.now() - began;
  return { outcome, hops, known, began, milliseconds, hasRunOut: hasRunOut(outcome, config, milliseconds) };
}

const noProxy = () => undefined;

/** Whether the result leads to an exchange; a connection that was closed does, if the request can be sent again. */
export function leadsToExchange(result: DirectResult, rules: Rules): boolean {
  const { outcome, known, hops, hasRunOut } = result;
  if (hasRunOut) return false;
  const response = responseOf(outcome);
  if (!response)
    return known !== undefined && !outcome.ok && isIdempotent(known.target.method) && metClosed(outcome.error);
  const { status, request } = response;
  if (!known) return needsExchange(result, { status, authenticationInfo: undefined, hasMoved: false }, rules);
  const answered = request?.res?.responseUrl ?? request?.responseURL ?? known.target.url;
  const hasMoved = hops.redirects > 0 || answered !== known.target.url;
  return needsExchange(
    result,
    { status, authenticationInfo: fieldOf(response, 'authentication-info'), hasMoved },
    rules,
  );
}

/** The record of a send that needed no exchange. After a response it is created on demand. It keeps no credential. */
export function recordOf(
  { outcome, known, began, milliseconds, hasRunOut }: DirectResult,
  place: () => Place,
): Recorded {
  const newRecorder = () => new Recorder({ place, clock, began, listener: undefined, isCallers: false });
  const response = hasRunOut ? undefined : responseOf(outcome);
  if (!response) {
    const recorder = newRecorder();
    if (known) known.record(recorder, began);
    else recorder.first();
    if (!outcome.ok) recorder.fail(hasRunOut ? LATE : failureOf(outcome.error));
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

// Authorization: the caller authorizes the request itself. Host: the request is for another server than the URL's.
const DECIDING = ['authorization', 'host'];

/**
 * Whether axios's http adapter can send the config unchanged: the body can be sent again, and the caller set no
 * credential, Host field, proxy, transport or progress listener.
 */
export function isOrdinary(config: InternalAxiosRequestConfig): boolean {
  const { adapter, auth, data, proxy, url, baseURL } = config;
  if (Progress.isWanted(config) || (typeof proxy === 'object' && proxy !== null) || transportOf(config)) return false;
  if (auth || namesAny(config, DECIDING) || typeof adapter === 'function' || usesFetch(adapter)) return false;
  if (typeof data === 'object' && data !== null && !Buffer.isBuffer(data)) return false;
  return !hasUserinfo(url) && !hasUserinfo(baseURL);
}
