/** Opens an address in the browser of the person: without a shell, and only a page of the web (SEC-63). */

import { spawn } from 'node:child_process';
import { inheritable } from '../../providers/inheritance.js';
import { parseUrl } from '../../syntax/url.js';

/** Whether a browser can be started where the person sees it: not over ssh, and not without a display. */
export function hasBrowser(environment: Readonly<Record<string, string | undefined>>, platform: string): boolean {
  const isSet = (name: string) => Object.hasOwn(environment, name) && environment[name] !== '';
  if (isSet('SSH_CONNECTION') || isSet('SSH_TTY')) return false;
  return platform === 'darwin' || platform === 'win32' || isSet('DISPLAY') || isSet('WAYLAND_DISPLAY');
}

/**
 * Starts the program that the platform has for it. A failure is not told: the address has been shown.
 * The characters that a shell or `start` would act on never come from the issuer unescaped: `href` is all ASCII.
 */
export function openBrowser(url: string, platform: string = process.platform): void {
  const parsed = parseUrl(url);
  if (parsed?.protocol !== 'https:' && parsed?.protocol !== 'http:') return;
  const [program, ...args] = commandOf(platform);
  const env = inheritable(process.env) as NodeJS.ProcessEnv;
  try {
    spawn(program, [...args, parsed.href], { env, shell: false, stdio: 'ignore', detached: true, windowsHide: true })
      .on('error', () => {})
      .unref();
  } catch {
    // EAGAIN, ENOMEM: the person opens the address.
  }
}

function commandOf(platform: string): [string, ...string[]] {
  if (platform === 'darwin') return ['open'];
  // Not `cmd /c start`: cmd is a shell, and `&` in an address would end its command (CVE-2025-6514).
  return platform === 'win32' ? ['rundll32', 'url.dll,FileProtocolHandler'] : ['xdg-open'];
}
