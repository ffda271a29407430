/** Checks the environment variables that `env()` reads. The report contains their names, never their values. */

import { nearest } from '../../base/nearest.js';
import { AuthError } from '../../errors.js';
import type { CredentialRequest } from '../../model.js';
import { env } from '../../providers/env/env.js';
import { parseUrl } from '../../syntax/url.js';
import { visible } from '../../syntax/visible.js';
import { type Finding, finding } from './findings/finding.js';

const NAME = 'environment';
const KINDS = ['USERNAME', 'PASSWORD', 'PASSWORD_FILE', 'TOKEN', 'TOKEN_FILE'];
const OTHERS = ['URL', 'NO_PROMPT', 'DEBUG'];

/** The name without its prefix, and for the variable of one host without the host: `PASSWORD`. */
const OWN = /^AXIOS_CHALLENGE_(?:(\w+?)_)?(USERNAME|PASSWORD|PASSWORD_FILE|TOKEN|TOKEN_FILE)$/;

export async function checkEnvironment(environment: NodeJS.ProcessEnv = process.env): Promise<Finding> {
  const names = Object.keys(environment)
    .filter((name) => /^AXIOS_CHALLENGE_/i.test(name))
    .sort();
  const credentials = names.filter((name) => OWN.test(name));
  const list = names.map(visible).join(', ');
  const unknown = names.filter((name) => !OWN.test(name) && !isOther(name)).map(misspelt);
  const trouble = unknown.length > 0 ? unknown.join('; ') : await troubleWith(environment);
  if (credentials.length === 0) {
    const set = list === '' ? 'no credential' : `${list}; no credential`;
    return finding(NAME, trouble === undefined ? 'off' : 'bad', set, trouble ?? ADVICE);
  }
  const missing = missingIn(credentials);
  if (trouble !== undefined) return finding(NAME, unknown.length > 0 && !missing ? 'ok' : 'bad', list, trouble);
  return missing ?? finding(NAME, 'ok', list);
}

const ADVICE = 'for scripts: set AXIOS_CHALLENGE_URL, _USERNAME and _PASSWORD (or _PASSWORD_FILE)';

function isOther(name: string): boolean {
  return OTHERS.includes(name.replace(/^AXIOS_CHALLENGE_/, ''));
}

/** A name that nothing reads, and the name that was probably meant. */
function misspelt(name: string): string {
  const [, text = '', head = '', tail = ''] = /^AXIOS_CHALLENGE_((.*_)?(.*))$/i.exec(name) ?? [];
  const whole = nearest(text, [...KINDS, ...OTHERS]);
  const last = whole ?? nearest(tail, KINDS);
  const meant = last && `AXIOS_CHALLENGE_${whole ? '' : head}${last}`;
  return `${visible(name)} is not read${meant === undefined ? '' : `: did you mean ${meant}?`}`;
}

/** The host in the name of a variable; `''` for the variables of no host. */
function hostIn(name: string): string {
  return OWN.exec(name)?.[1] ?? '';
}

/** Half a credential: a user name is a hint for the keychain and the prompt, and a password alone is no use. */
function missingIn(credentials: readonly string[]): Finding | undefined {
  const list = credentials.map(visible).join(', ');
  for (const host of new Set(credentials.map(hostIn))) {
    const group = credentials.filter((name) => hostIn(name) === host);
    const prefix = host === '' ? 'AXIOS_CHALLENGE' : `AXIOS_CHALLENGE_${host}`;
    const has = (kind: string) => group.some((name) => name.startsWith(`${prefix}_${kind}`));
    if (has('TOKEN') || has('USERNAME') === has('PASSWORD')) continue;
    if (has('USERNAME')) {
      return finding(NAME, 'off', `${list}; no password`, `set ${prefix}_PASSWORD or ${prefix}_PASSWORD_FILE`);
    }
    return finding(NAME, 'bad', `${list}; no user name`, `set ${prefix}_USERNAME`);
  }
  return undefined;
}

/** Asks `env()` for credentials, as a challenge of the configured origin would; returns the error message. */
async function troubleWith(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const provider = env({ environment });
  const url = environment.AXIOS_CHALLENGE_URL ?? '';
  const origin = parseUrl(url)?.origin ?? 'https://doctor.invalid';
  for (const scheme of ['basic', 'bearer']) {
    const request: CredentialRequest = { origin, realm: '', scheme, proxy: false, url: `${origin}/`, refused: 0 };
    try {
      await provider.get(request);
    } catch (error) {
      return error instanceof AuthError ? visible(error.message.replace(/^env: /, '')) : 'the variables cannot be read';
    }
  }
  return undefined;
}
