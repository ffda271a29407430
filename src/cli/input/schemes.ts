/** The schemes that a command line selects. */

import { defaultSchemes } from '../../defaults.js';
import type { Scheme } from '../../model.js';
import { basic } from '../../schemes/basic.js';
import { digest } from '../../schemes/digest/digest.js';
import type { Invocation } from './command.js';

/** The default schemes, or those that `--basic` and `--digest` leave of them. */
export function usualSchemes(given: Invocation): Scheme[] {
  const chosen = [...(given.has('digest') ? [digest()] : []), ...(given.has('basic') ? [basic()] : [])];
  return chosen.length === 0 || given.has('anyauth') ? defaultSchemes() : chosen;
}

/** With those of `--negotiate` and `--ntlm`, which are loaded only then. NTLM is for the proxy on the way, too. */
export async function schemesOf(given: Invocation, origin: string, proxy?: string): Promise<Scheme[]> {
  const schemes = usualSchemes(given);
  if (given.has('negotiate')) {
    const { negotiate } = await import('../../schemes/negotiate/negotiate.js');
    schemes.push(negotiate({ origins: [origin] }));
  }
  if (given.has('ntlm')) {
    const { ntlm } = await import('../../schemes/ntlm/ntlm.js');
    schemes.push(ntlm({ origins: proxy === undefined ? [origin] : [origin, proxy] }));
  }
  return schemes;
}
