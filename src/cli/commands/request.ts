/** `request`: sends any method, with or without a body. */

import type { Command } from '../input/command.js';
import { SENDING } from '../input/options.js';

export const request: Command = {
  summary: 'send any request, and answer its challenge',
  usage: 'request [options] URL',
  about:
    'The same as get, with examples of requests that have a body. The body is read before the request is sent, so that it can be sent again after a challenge. The default Content-Type is application/x-www-form-urlencoded.',
  url: 'required',
  options: SENDING,
  examples: [
    { line: 'axios-challenge request -d cups=2 https://files.example/orders', text: 'POST' },
    {
      line: `echo '{"cups":2}' | axios-challenge request -X PUT -H 'Content-Type: application/json' -d @- https://files.example/orders/1`,
      text: 'PUT what comes from stdin',
    },
    { line: 'axios-challenge request -X DELETE https://files.example/orders/1', text: 'DELETE' },
  ],
  run: async (given, leaving) => {
    const { transfer } = await import('../send/transfer.js');
    return transfer('request', given, leaving);
  },
};
