/** curl, the judge that says a real server is sound before our client talks to it. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { PasswordCredential } from '../../../src/model.js';

const run = promisify(execFile);

/** The status curl ends with. */
export async function curlStatus(url: string, ...options: string[]): Promise<number> {
  const quiet = ['-q', '-sS', '--max-time', '10', '--noproxy', '*', '-o', '/dev/null', '-w', '%{http_code}'];
  const { stdout } = await run('curl', [...quiet, ...options, url]);
  return Number(stdout);
}

/** The statuses curl ends with: without a credential, with a wrong password, with the right one. */
export async function curlVerdicts(url: string, scheme: 'basic' | 'digest', credential: PasswordCredential) {
  const { username, password } = credential;
  const as = (secret: string) => curlStatus(url, `--${scheme}`, '-u', `${username}:${secret}`);
  // All at once: lighttpd takes a second to refuse a password.
  const [without, wrong, right] = await Promise.all([curlStatus(url), as(`not ${password}`), as(password)]);
  return { without, wrong, right };
}
