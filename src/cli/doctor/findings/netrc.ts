/** Checks the `.netrc` file of the person. */

import { AuthError } from '../../../errors.js';
import { parseNetrc } from '../../../providers/netrc/file.js';
import { readNetrc } from '../../../providers/netrc/source.js';
import { visible } from '../../../syntax/visible.js';
import { type Finding, finding } from './finding.js';

const NAME = 'netrc';

export async function checkNetrc(): Promise<Finding> {
  try {
    const source = await readNetrc();
    if (typeof source === 'string') return finding(NAME, 'off', source);
    const { length } = parseNetrc(source.text, source.file);
    return finding(NAME, 'ok', `${source.file}, ${length} ${length === 1 ? 'entry' : 'entries'} (with --netrc)`);
  } catch (error) {
    return finding(
      NAME,
      'bad',
      error instanceof AuthError ? visible(error.message.replace(/^netrc: /, '')) : 'the file cannot be read',
    );
  }
}
