/** `request`: any method, with a body. */

import { misused } from '../arguments.js';
import type { Command } from '../command.js';
import { SENDING } from '../options.js';

export const request: Command = {
  summary: 'send any request, and answer its challenge',
  usage: 'request [options] URL',
  about:
    'As get, with any method and a body. The body is read before it is sent, so that it can be sent again. Without a Content-Type of yours it is application/x-www-form-urlencoded.',
  url: 'required',
  options: {
    method: { type: 'string', short: 'X', value: 'METHOD', text: 'by default GET, and POST with -d' },
    data: { type: 'string', short: 'd', value: 'DATA', text: 'the body: text, @FILE, or @- for stdin' },
    ...SENDING,
  },
  examples: [
    { line: 'axios-challenge request -d cups=2 https://files.example/orders', text: 'POST' },
    {
      line: `echo '{"cups":2}' | axios-challenge request -X PUT -H 'Content-Type: application/json' -d @- https://files.example/orders/1`,
      text: 'PUT what comes from stdin',
    },
    { line: 'axios-challenge request -X DELETE https://files.example/orders/1', text: 'DELETE' },
  ],
  run: async (given, leaving) => {
    const data = given.text('data');
    const method = methodOf(given.text('method'), data);
    const { transfer } = await import('../transfer.js');
    return transfer({ name: 'request', method, data }, given, leaving);
  },
};

/** RFC 9110 §9.1: a token. CONNECT asks for a tunnel, which is no request for a response. */
function methodOf(method: string | undefined, data: string | undefined): string {
  if (method === undefined) return data === undefined ? 'GET' : 'POST';
  const upper = method.toUpperCase();
  if (!/^[!#$%&'*+.^_`|~0-9A-Z-]+$/.test(upper) || upper === 'CONNECT') throw misused('request', 'that is no method');
  return upper;
}
