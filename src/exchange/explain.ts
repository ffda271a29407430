/** A trace as text for a person: one line a fact, in the order of events. */

import type { AuthEvent, Trace } from './trace.js';

/** Writes a trace as a person would want to read it. */
export function formatTrace(trace: Trace): string {
  const end = trace.events.find((event) => event.type === 'end');
  const status = end?.status === undefined ? '' : `  ->  ${end.status}`;
  return [`${trace.method} ${trace.url}${status}`, ...trace.events.flatMap((event) => lines(event, trace.events))].join(
    '\n',
  );
}

function lines(event: AuthEvent, events: readonly AuthEvent[]): string[] {
  switch (event.type) {
    case 'send':
      return [columns(`  ${event.send}  ${sentWith(event)}`, `${statusOf(event.send, events)}`)];
    case 'challenged':
      return [`     asked for ${event.challenges.join(', ') || 'nothing readable'}   realm ${visible(event.realm)}`];
    case 'passedOver':
      return [`     passed over ${visibleText(event.challenge)}: ${visibleText(event.reason)}`];
    case 'chosen':
      return [`     chose ${visibleText(event.challenge)}`];
    case 'provider':
      return [columns(`     ${event.provider.padEnd(9)} ${said(event)}`, `${event.milliseconds.toFixed(0)} ms`)];
    case 'verdict':
      return event.verdict === 'accepted'
        ? []
        : [`     ${event.verdict === 'refused' ? 'refused: ' : ''}${visibleText(event.reason)}`];
    case 'told':
      return [`     ${event.provider.padEnd(9)} ${told(event)}`];
    case 'end':
      return event.code
        ? [`  gave back the server's own 401: ${visibleText(event.reason)} (${event.code})`]
        : ending(event);
    default:
      return [];
  }
}

function ending({ status, reason }: Extract<AuthEvent, { type: 'end' }>): string[] {
  return status === undefined ? [`  ${reason}`] : [];
}

function sentWith({ scheme, username, nc, preemptive }: Extract<AuthEvent, { type: 'send' }>): string {
  if (scheme === undefined) return 'sent without credentials of ours';
  const as = username === undefined ? '' : ` as ${visibleText(username)}`;
  const details = [
    scheme,
    ...(nc === undefined ? [] : [`nc ${nc}`]),
    ...(preemptive ? ['without waiting for a 401'] : []),
  ];
  return `sent${as} (${details.join(', ')})`;
}

function statusOf(send: number, events: readonly AuthEvent[]): string {
  const reply = events.find((event) => event.type === 'reply' && event.send === send);
  return reply?.type === 'reply' ? `${reply.status}   ${reply.milliseconds.toFixed(0)} ms` : 'no response';
}

function said({ outcome, username, reason }: Extract<AuthEvent, { type: 'provider' }>): string {
  if (outcome === 'found') return username === undefined ? 'has a token' : `has ${visibleText(username)}`;
  if (outcome === 'absent') return visibleText(reason ?? 'has none');
  return outcome === 'failed' ? `not available: ${visibleText(reason ?? '')}` : visibleText(reason ?? '');
}

function told({ verdict, username, failure }: Extract<AuthEvent, { type: 'told' }>): string {
  const about =
    verdict === 'approve'
      ? `told that ${username ?? 'the token'} is right`
      : `told that ${username ?? 'the token'} is wrong`;
  return failure === undefined ? about : `${about}, and failed: ${visibleText(failure)}`;
}

function columns(left: string, right: string): string {
  return `${left.padEnd(72)}  ${right}`;
}

const MAX_SHOWN = 200;
// Control, bidi and zero-width characters: what is shown is what is there (SEC-14).
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

function visibleText(text: string): string {
  const escaped = text.slice(0, MAX_SHOWN).replace(HIDDEN, (character) => {
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });
  return text.length > MAX_SHOWN ? `${escaped}…` : escaped;
}

function visible(text: string): string {
  return `"${visibleText(text)}"`;
}
