/** How a send is written down: where it went, and with whose authorization. */

import { memberOf } from '../../base/own.js';
import { type Authorization, usernameOf } from '../../model.js';
import { isPartial } from '../connection/partial.js';
import { type Attempt, isByConnection } from '../party/conversation.js';
import type { Target } from '../port/transport.js';
import { type Happening, urlOf } from '../trace/events.js';
import type { Described, Recorder } from '../trace/recorder.js';

/** A send as it is recorded. */
interface Sent {
  readonly target: Target;
  readonly toOrigin: Described | undefined;
  readonly toProxy: Described | undefined;
  readonly time: number;
}

/** Records it, and gives its number. */
export function recordSend(recorder: Recorder, { target, toOrigin, toProxy, time }: Sent): number {
  const send = recorder.nextSend();
  const sent: Happening = {
    type: 'send',
    send,
    method: target.method,
    url: urlOf(target),
    ...(toOrigin ?? (recorder.isCallers && { callers: true })),
    ...(toProxy && { proxy: toProxy }),
    preemptive: send === 1,
  };
  recorder.record(sent, time);
  return send;
}

/** An authorization as a record shows it. */
export function described(
  attempt: Attempt | undefined,
  authorization: Authorization | undefined,
): Described | undefined {
  if (!attempt || !(authorization || isByConnection(attempt))) return undefined;
  const { choice, credential } = attempt.session;
  const remark = authorization && choice.bindsConnection ? memberOf(authorization, 'remark') : undefined;
  if (!authorization) return { scheme: choice.label, username: usernameOf(credential), byConnection: true };
  if (choice.bindsConnection && isPartial(attempt))
    return { scheme: choice.label, username: usernameOf(credential), begins: true };
  const { nonce } = attempt.lane.answer;
  const sent = { scheme: choice.label, username: usernameOf(credential), nonce, nc: authorization.nc };
  if (!choice.isAssumed && remark === undefined) return sent;
  return { ...sent, ...(choice.isAssumed && { assumed: true }), ...(remark !== undefined && { remark }) };
}
