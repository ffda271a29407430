/** Draws a handshake while it happens: each message between providers, client and server. */

import { width } from '../../base/columns.js';
import type { Happening } from '../../exchange/trace/events.js';
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
} from '../../exchange/trace/words.js';
import { parseUrl } from '../../syntax/url.js';
import { quoted } from '../../syntax/visible.js';
import { ASCII, type Tone, UNICODE } from './lanes.js';
import { type Page, pageOf } from './page.js';

/** Draws each event as it happens. `columns` is the width of the terminal; `write` receives one line. */
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
      return page.step(['right', 'right', `${event.method} ${pathOf(event.url)}`, [authorizedWith(event)]]);
    case 'reply':
      return page.step(['right', 'left', `${event.status}`, [], event.status < 400 ? 'good' : 'bad']);
    case 'challenged':
      return askedFor(page.room, event).flatMap((text) => page.note('right', text));
    case 'passedOver':
      return page.note('right', `not ${shownChallenge(event.challenge)}: ${shown(event.reason)}`);
    case 'provider':
      return page.step([
        'left',
        'right',
        `${shown(event.provider)}: ${answer(event)}`,
        listed(absenceReason(event)),
        toneOf(event),
      ]);
    case 'verdict':
      return event.verdict === 'accepted' ? [] : page.note('right', verdictOn(event));
    case 'told':
      return page.step([
        'left',
        'left',
        `${shown(event.provider)}: ${toldVerdict(event)}`,
        listed(event.failure === undefined ? undefined : shown(event.failure)),
      ]);
    case 'end':
      return ended(page, event);
    default:
      return []; // `chosen`, `permitted`: the next `send` names the scheme.
  }
}

/** Keeps the realm in one row: if it were wrapped, the server would choose how the second row begins (SEC-53). */
function askedFor(room: number, event: EventOf<'challenged'>): string[] {
  const { realm, proxy } = event;
  const offer = `${proxy ? 'the proxy: ' : ''}${offered(event)}`;
  if (realm === '') return offer === '' ? [] : [offer];
  const whole = `${offer}, realm ${quoted(realm)}`;
  return width(whole) <= room ? [whole] : [`${offer}, realm`, quoted(realm, room - 2)];
}

function answer(event: EventOf<'provider'>): string {
  if (event.outcome === 'found') return givenAccount(event);
  return event.outcome === 'absent' ? 'no credential' : event.outcome;
}

function toneOf({ outcome }: EventOf<'provider'>): Tone {
  if (outcome === 'found') return 'good';
  return outcome === 'absent' ? 'plain' : 'bad';
}

function ended(page: Page, { code, reason, status }: EventOf<'end'>): string[] {
  if (code === undefined) return status === undefined ? ['', ...page.text(shown(reason))] : [];
  return ['', ...page.text(`${endedBy({ status, code })}: ${shown(reason)} (${code})`)];
}

function pathOf(url: string): string {
  return shown(parseUrl(url)?.pathname ?? url);
}

function listed(text: string | undefined): string[] {
  return text === undefined ? [] : [text];
}

function once(make: () => string[]): () => string[] {
  let made = false;
  return () => {
    if (made) return [];
    made = true;
    return make();
  };
}
