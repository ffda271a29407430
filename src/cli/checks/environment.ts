/** Checks the variables that `env()` reads. Only their names are told. */

import { AuthError } from '../../errors.js';
import type { CredentialRequest } from '../../model.js';
import { env } from '../../providers/env.js';
import { parseUrl } from '../../syntax/url.js';
import { visible } from '../../syntax/visible.js';
import { type Finding, finding } from '../finding.js';

const NAME = 'environment';
const CREDENTIAL = /^AXIOS_CHALLENGE_.*(USERNAME|PASSWORD|PASSWORD_FILE|TOKEN|TOKEN_FILE)$/i;

export async function checkEnvironment(environment: NodeJS.ProcessEnv = process.env): Promise<Finding> {
  const names = Object.keys(environment)
    .filter((name) => name.startsWith('AXIOS_CHALLENGE_'))
    .sort();
  const credentials = names.filter((name) => CREDENTIAL.test(name));
  const list = names.map(visible).join(', ');
  if (credentials.length === 0) {
    const set = list === '' ? 'no credential' : `${list}; no credential`;
    return finding(
      NAME,
      'off',
      set,
      'for scripts: set AXIOS_CHALLENGE_URL, _USERNAME and _PASSWORD (or _PASSWORD_FILE)',
    );
  }
  const trouble = await troubleWith(environment);
  if (trouble !== undefined) return finding(NAME, 'bad', list, trouble);
  const isWhole = credentials.some((name) => !name.endsWith('USERNAME'));
  return isWhole
    ? finding(NAME, 'ok', list)
    : finding(NAME, 'off', `${list}; no password`, 'set AXIOS_CHALLENGE_PASSWORD or AXIOS_CHALLENGE_PASSWORD_FILE');
}

/** `env()` is asked as a server would, for the origin it is for. */
async function troubleWith(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const provider = env({ environment });
  const url = environment.AXIOS_CHALLENGE_URL ?? '';
  const origin = parseUrl(url)?.origin ?? 'https://doctor.invalid';
  for (const scheme of ['basic', 'bearer']) {
    const request: CredentialRequest = { origin, realm: '', scheme, proxy: false, url: `${origin}/`, refused: 0 };
    try {
      await provider.get(request);
    } catch (error) {
      return error instanceof AuthError ? visible(error.message.replace(/^env: /, '')) : 'it cannot be read';
    }
  }
  return undefined;
}
