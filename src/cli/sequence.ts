/** Draws a handshake while it happens: who sends what to whom. */

import type { Happening } from '../exchange/trace.js';
import { parseUrl } from '../syntax/url.js';
import { quoted, visible } from '../syntax/visible.js';
import { ASCII, type Tone, UNICODE } from './lanes.js';
import { type Page, pageOf } from './pages.js';

type Of<Type extends Happening['type']> = Extract<Happening, { type: Type }>;

/** Draws each event as it comes; `columns` of a terminal, `write` takes a line. */
export function sequence(columns: number, unicode: boolean, write: (line: string) => void): (event: Happening) => void {
  const page = pageOf(columns, unicode ? UNICODE : ASCII);
  const begin = once(() => page.head());
  return (event) => {
    for (const line of [...begin(), ...drawn(page, event)]) write(line);
  };
}

/** Whether the locale of a process can show more than ASCII. */
export function speaksUnicode({ LC_ALL, LC_CTYPE, LANG }: NodeJS.ProcessEnv, platform = process.platform): boolean {
  if (platform === 'win32' || platform === 'darwin') return true;
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '');
}

function drawn(page: Page, event: Happening): string[] {
  switch (event.type) {
    case 'send':
      return page.step(['right', 'right', `${event.method} ${pathOf(event.url)}`, [sentWith(event)]]);
    case 'reply':
      return page.step(['right', 'left', `${event.status}`, [], event.status < 400 ? 'good' : 'bad']);
    case 'challenged':
      return page.note('right', askedFor(event));
    case 'passedOver':
      return page.note('right', `not ${shown(event.challenge)}: ${shown(event.reason)}`);
    case 'provider':
      return page.step(['left', 'right', `${shown(event.provider)}: ${said(event)}`, reasonOf(event), toneOf(event)]);
    case 'verdict':
      return event.verdict === 'accepted' ? [] : page.note('right', reading(event));
    case 'told':
      return page.step([
        'left',
        'left',
        `${shown(event.provider)}: ${told(event)}`,
        event.failure === undefined ? [] : [shown(event.failure)],
      ]);
    case 'end':
      return ended(page, event);
    default:
      return []; // `chosen`: the next send says it.
  }
}

function reading({ verdict, reason }: Of<'verdict'>): string {
  return verdict === 'refused' ? `refused (${shown(reason)})` : shown(reason);
}

function askedFor({ challenges, realm, proxy }: Of<'challenged'>): string {
  return `${proxy ? 'the proxy: ' : ''}${challenges.map(shown).join(', ')}, realm ${quoted(realm)}`;
}

function sentWith({ scheme, callers, proxy, ...account }: Of<'send'>): string {
  const own = callers ? 'with an authorization of your own' : 'without credentials';
  const first = scheme === undefined ? own : by({ scheme, ...account });
  return proxy === undefined ? first : `${first}, to the proxy ${by(proxy)}`;
}

function by({ scheme, username, nc }: NonNullable<Of<'send'>['proxy']>): string {
  const as = username === undefined ? 'with a token' : `as ${shown(username)}`;
  return `${as} (${scheme}${nc === undefined ? '' : `, nc ${nc}`})`;
}

function said({ outcome, username }: Of<'provider'>): string {
  if (outcome === 'found') return username === undefined ? 'a token' : shown(username);
  return outcome === 'absent' ? 'none' : outcome;
}

function reasonOf({ outcome, reason }: Of<'provider'>): string[] {
  return outcome === 'found' || reason === undefined ? [] : [shown(reason.replace(/^\w+: /, ''))];
}

function toneOf({ outcome }: Of<'provider'>): Tone {
  if (outcome === 'found') return 'good';
  return outcome === 'absent' ? 'plain' : 'bad';
}

function told({ verdict, username }: Of<'told'>): string {
  const whom = username === undefined ? 'the token' : shown(username);
  return `${whom} was ${verdict === 'approve' ? 'accepted' : 'refused'}`;
}

function ended(page: Page, { code, reason, status }: Of<'end'>): string[] {
  if (code === undefined) return status === undefined ? ['', ...page.text(shown(reason))] : [];
  const what =
    code === 'ERR_AUTH_MUTUAL' && status !== 401
      ? 'failed'
      : `gave back the ${status === 407 ? "proxy's own 407" : "server's own 401"}`;
  return ['', ...page.text(`${what}: ${shown(reason)} (${code})`)];
}

function pathOf(url: string): string {
  return shown(parseUrl(url)?.pathname ?? url);
}

const MAX_SHOWN = 200;

/** Names and reasons may come from the server. */
function shown(text: string): string {
  return visible(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
}

function once(make: () => string[]): () => string[] {
  let made = false;
  return () => {
    if (made) return [];
    made = true;
    return make();
  };
}
