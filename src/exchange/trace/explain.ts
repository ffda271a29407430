/** A trace as text for a person: what was sent, what came back, who was asked, and why it ended so. */

import type { AuthErrorCode } from '../../errors.js';
import { phrase, quoted } from '../../syntax/visible.js';
import type { AuthEvent, Trace } from './events.js';
import { tlsFailure } from './failures.js';
import { adviceFor, type Reader } from './remedy.js';
import {
  absenceReason,
  authorizedWith,
  type EventOf,
  endedBy,
  givenAccount,
  offered,
  shown,
  shownChallenge,
  toldVerdict,
  verdictOn,
} from './words.js';

/** How a trace is written. */
export interface Writing {
  /** Whose words the advice uses. */
  readonly reader: Reader;
  /** What the server said in its response, made harmless. */
  readonly said: readonly string[];
}

// Whole, so that no member is looked for on Object.prototype (SEC-28).
const FOR_PROGRAMS: Writing = { reader: 'program', said: [] };

/** Writes a trace, a line a fact, in the order of events. */
export function formatTrace(trace: Trace, writing: Writing = FOR_PROGRAMS): string {
  const page = new Page();
  for (const event of trace.events) page.add(Object.assign(Object.create(null), event));
  return [headOf(trace, page.status), ...page.lines(), ...conclusion(trace, writing)].join('\n');
}

/** The outcome in a few lines: why it ended so, what the server said, and what to do. */
export function formatOutcome(trace: Trace, writing: Writing = FOR_PROGRAMS): string {
  const page = new Page();
  const end = trace.events.findLast((event) => event.type === 'end');
  if (end?.type === 'end') page.add(Object.assign(Object.create(null), end));
  return [headOf(trace, page.status), ...page.lines(), ...conclusion(trace, writing)].join('\n');
}

function headOf({ method, url }: Trace, status: string): string {
  return `${shown(method)} ${phrase(url, 1000)}${status}`;
}

/** What the server said of a request that failed, and what to do about it. */
export function conclusion(trace: Trace, { reader, said }: Writing): string[] {
  const advice = adviceFor(trace, reader);
  return [...said.map((text) => `  the server says: ${text}`), ...(advice ? [`  what to do: ${advice}`] : [])];
}

interface Row {
  readonly left: string;
  /** What came of it, in a column of its own. */
  readonly right: string[];
}

const LEFT = 52;

class Page {
  status = '';
  readonly #rows: Row[] = [];
  /** The row of the latest send: its response belongs there. */
  #send: Row | undefined;
  readonly #passedOver: string[] = [];
  readonly #permitted: string[] = [];

  lines(): string[] {
    return this.#rows.map(({ left, right }) =>
      right.length === 0 ? left : `${left.padEnd(LEFT)}  ${right.join('  ')}`,
    );
  }

  add(event: AuthEvent): void {
    switch (event.type) {
      case 'send':
        this.#send = this.#row(`  ${event.send}  sent ${authorizedWith(event)}`);
        break;
      case 'reply':
        this.#send?.right.push(`${event.status}`);
        break;
      case 'challenged':
        if (this.#send) this.#send.right.push(...asked(event));
        else this.#row(`     asked in advance: ${asked(event).join('')}`);
        break;
      case 'passedOver':
        this.#passedOver.push(`${shownChallenge(event.challenge)}, ${overruledBy(event)}`);
        break;
      case 'permitted':
        this.#permitted.push(`allowInsecure, though ${POLICY[event.code] ?? event.code}`);
        break;
      case 'chosen':
        this.#row(
          `     chose ${shownChallenge(event.challenge)}${inBrackets([...this.#permitted.splice(0), ...this.#overruled()])}`,
        );
        break;
      case 'provider':
        this.#row(`     ${name(event)}${answered(event)}`, ...took(event));
        break;
      case 'verdict':
        if (event.verdict !== 'accepted') this.#send?.right.push(verdictOn(event));
        break;
      case 'told':
        this.#row(`     ${name(event)}${told(event)}`);
        break;
      case 'end':
        this.#end(event);
        break;
    }
  }

  #row(left: string, ...right: string[]): Row {
    const row = { left, right };
    this.#rows.push(row);
    return row;
  }

  #overruled(): string[] {
    const passedOver = this.#passedOver.splice(0);
    return passedOver.length === 0 ? [] : [`passed over: ${passedOver.join('; ')}`];
  }

  #end({ status, code, failure, reason }: EventOf<'end'>): void {
    this.status = `  ->  ${status ?? (failure === undefined ? 'no response' : shown(failure))}`;
    if (status === undefined && this.#send?.right.length === 0) this.#send.right.push('no response');
    const passedOver = this.#overruled();
    if (passedOver.length > 0) this.#row(`     chose none${inBrackets(passedOver)}`);
    if (code !== undefined) this.#row(`  ${endedBy({ status, code })}: ${shown(reason)} (${code})`);
    else if (status === undefined) this.#row(`  ${lost({ failure, reason })}`);
    else if (status === 401 || status === 407) this.#row(`  ${endedBy({ status })}: ${shown(reason)}`);
  }
}

/** Why there is no response; an error like TypeError is a fault in the program, and says nothing of the server. */
function lost({ failure, reason }: Pick<EventOf<'end'>, 'failure' | 'reason'>): string {
  const what = failure?.endsWith('Error') ? 'failed' : 'ended without a response';
  return `${what}: ${tlsFailure(failure)?.reason ?? shown(reason)}${inBrackets(failure ? [shown(failure)] : [])}`;
}

function inBrackets(remarks: readonly string[]): string {
  return remarks.length === 0 ? '' : ` (${remarks.join('; ')})`;
}

/** What policy holds against a challenge, in short: the end says it in full. */
const POLICY: Partial<Record<AuthErrorCode, string>> = {
  ERR_AUTH_INSECURE: 'it would travel in the clear',
  ERR_AUTH_DOWNGRADE: 'it is weaker than before',
  ERR_AUTH_MUTUAL: 'it lets no server prove itself',
  ERR_AUTH_REFUSED: 'the credential was refused',
};

function overruledBy({ code, reason }: EventOf<'passedOver'>): string {
  return (code && POLICY[code]) ?? shown(reason);
}

function asked(event: EventOf<'challenged'>): string[] {
  const { challenges, realm } = event;
  if (challenges.length === 0) return [];
  return [realm === '' ? offered(event) : `${offered(event)}   realm ${quoted(realm)}`];
}

function name({ provider }: { readonly provider: string }): string {
  return `${shown(provider).padEnd(9)} `;
}

function answered(event: EventOf<'provider'>): string {
  const answer = event.outcome === 'found' ? givenAccount(event) : (absenceReason(event) ?? 'has none');
  return event.shared ? `${answer} (asked by another request)` : answer;
}

/** Milliseconds, where they are worth a look. */
function took({ milliseconds }: EventOf<'provider'>): string[] {
  return milliseconds < 1 ? [] : [`${Math.round(milliseconds)} ms`];
}

function told(event: EventOf<'told'>): string {
  const about = `told that ${toldVerdict(event)}`;
  return event.failure === undefined ? about : `${about}, and failed: ${shown(event.failure)}`;
}
