/** A trace as text for a person: what was sent, what came back, who was asked, and why it ended so. */

import type { AuthErrorCode } from '../errors.js';
import { quoted, visible as shown } from '../syntax/visible.js';
import { remedyFor } from './remedy.js';
import type { AuthEvent, Trace } from './trace.js';

/** Writes a trace, a line a fact, in the order of events. */
export function formatTrace(trace: Trace): string {
  const page = new Page();
  for (const event of trace.events) page.add(Object.assign(Object.create(null), event));
  return [`${trace.method} ${trace.url}${page.status}`, ...page.lines()].join('\n');
}

type Of<Type extends AuthEvent['type']> = Extract<AuthEvent, { type: Type }>;

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
        this.#send = this.#row(`  ${event.send}  ${sentWith(event)}`);
        break;
      case 'reply':
        this.#send?.right.push(`${event.status}`);
        break;
      case 'challenged':
        this.#send?.right.push(...asked(event));
        break;
      case 'passedOver':
        this.#passedOver.push(`${visible(event.challenge)}, ${overruledBy(event)}`);
        break;
      case 'permitted':
        this.#permitted.push(`allowInsecure, though ${POLICY[event.code] ?? event.code}`);
        break;
      case 'chosen':
        this.#row(
          `     chose ${visible(event.challenge)}${inBrackets([...this.#permitted.splice(0), ...this.#overruled()])}`,
        );
        break;
      case 'provider':
        this.#row(`     ${name(event)}${said(event)}`, ...took(event));
        break;
      case 'verdict':
        if (event.verdict !== 'accepted') this.#send?.right.push(reading(event));
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

  #end({ status, code, failure, reason }: Of<'end'>): void {
    this.status = `  ->  ${status ?? failure ?? 'no response'}`;
    if (status === undefined && this.#send?.right.length === 0) this.#send.right.push('no response');
    const passedOver = this.#overruled();
    if (passedOver.length > 0) this.#row(`     chose none${inBrackets(passedOver)}`);
    if (code !== undefined) this.#row(`  ${endedBy(status, code)}: ${visible(reason)} (${code})`);
    else if (status === undefined)
      this.#row(`  ended without a response: ${visible(reason)}${inBrackets(failure ? [failure] : [])}`);
    else if (status === 401 || status === 407) this.#row(`  gave back the ${ownWords(status)}: ${visible(reason)}`);
    if (code !== undefined) this.#row(`  what to do: ${remedyFor(code)}`);
  }
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

function overruledBy({ code, reason }: Of<'passedOver'>): string {
  return (code && POLICY[code]) ?? visible(reason);
}

function endedBy(status: number | undefined, code: AuthErrorCode): string {
  return code === 'ERR_AUTH_MUTUAL' && status !== 401 ? 'failed the request' : `gave back the ${ownWords(status)}`;
}

function ownWords(status: number | undefined): string {
  return status === 407 ? "proxy's own 407" : "server's own 401";
}

function asked({ challenges, realm }: Of<'challenged'>): string[] {
  return challenges.length === 0 ? [] : [`${challenges.map(visible).join(', ')}   realm ${quoted(realm)}`];
}

function sentWith({ scheme, proxy, preemptive, callers, ...account }: Of<'send'>): string {
  const toProxy = proxy && `to the proxy${by(proxy, preemptive && scheme === undefined)}`;
  if (scheme === undefined && callers)
    return ["sent with the caller's own authorization", toProxy].filter(Boolean).join(', ');
  if (scheme === undefined) return toProxy ? `sent ${toProxy}` : 'sent without credentials';
  return [`sent${by({ scheme, ...account }, preemptive)}`, toProxy].filter(Boolean).join(', ');
}

function by({ scheme, username, nc }: NonNullable<Of<'send'>['proxy']>, preemptive: boolean): string {
  const as = username === undefined ? '' : ` as ${visible(username)}`;
  const details = [scheme, ...(nc === undefined ? [] : [`nc ${nc}`]), ...(preemptive ? ['at once'] : [])];
  return `${as} (${details.join(', ')})`;
}

function reading({ verdict, reason }: Of<'verdict'>): string {
  return verdict === 'refused' ? `refused (${visible(reason)})` : visible(reason);
}

function name({ provider }: { readonly provider: string }): string {
  return `${visible(provider).padEnd(9)} `;
}

function said(event: Of<'provider'>): string {
  return event.shared ? `${answered(event)} (asked by another request)` : answered(event);
}

function answered({ outcome, username, reason }: Of<'provider'>): string {
  if (outcome === 'found') return username === undefined ? 'a token' : visible(username);
  const why = reason ?? 'has none';
  return visible(outcome === 'failed' ? why.replace(/^\w+: /, '') : why);
}

/** Milliseconds, where they are worth a look. */
function took({ milliseconds }: Of<'provider'>): string[] {
  return milliseconds < 1 ? [] : [`${Math.round(milliseconds)} ms`];
}

function told({ verdict, username, failure }: Of<'told'>): string {
  const whom = username === undefined ? 'the token' : visible(username);
  const about = verdict === 'approve' ? `told that ${whom} was accepted` : `told that ${whom} was refused`;
  return failure === undefined ? about : `${about}, and failed: ${visible(failure)}`;
}

const MAX_SHOWN = 200;

/** Names and reasons may come from the server, too. */
function visible(text: string): string {
  return shown(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
}
