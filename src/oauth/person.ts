/** Finds out whether a person can be asked to log in, and how the person is shown what to do. */

import { openTerminal, type Terminal, write } from '../providers/terminal/terminal.js';
import { hasBrowser, openBrowser } from './flow/open-browser.js';
import type { OAuthSettings } from './options.js';

/** A person who can be asked. */
export interface Person {
  show(text: string): void;
  /** Opens the browser of the person, where that can be done. */
  readonly open: ((url: string) => unknown) | undefined;
  /** Lets the terminal go. */
  leave(): void;
}

/** The person, or why nobody can be asked. */
export function personFor(settings: OAuthSettings): Person | string {
  if (settings.prompt === false) return 'nobody is asked: prompt is false';
  const terminal = openTerminal(settings);
  if (typeof terminal !== 'string') return atTerminal(terminal, settings);
  if (settings.prompt !== true) return `nobody can log in here: ${terminal}`;
  const { output = process.stderr, open } = settings;
  // Without a terminal no browser is started, except by the program itself (SEC-63).
  return { show: (text) => write(output, text), open, leave: () => {} };
}

function atTerminal({ output, close }: Terminal, settings: OAuthSettings): Person {
  const { environment = process.env } = settings;
  const own = hasBrowser(environment, process.platform) ? (url: string) => openBrowser(url) : undefined;
  return { show: (text) => write(output, text), open: settings.open ?? own, leave: close };
}
