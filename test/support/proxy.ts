/** The strict server as a proxy. */

import http from 'node:http';
import type { ChallengeServer, ChallengeServerOptions } from '../../src/testing/challenge-server.js';
import { server } from './stage.js';

/** The right credential of the proxy. */
export const bob = { username: 'bob', password: 'builder' };

/** A proxy that lets bob through, and sends plain requests on as a proxy does: in origin-form, without what was for it. */
export function proxyServer(options: ChallengeServerOptions = {}): Promise<ChallengeServer> {
  return server({
    status: 407,
    users: { bob: bob.password },
    onAuthenticated: ({ method, url, headers, body }, response) => {
      const { 'proxy-authorization': _, ...rest } = headers;
      const onward = http.request(url, { method, headers: rest, agent: false }, (answer) => {
        passOnHead(answer, response);
        answer.pipe(response);
      });
      onward.on('error', () => response.writeHead(502).end());
      onward.end(body);
    },
    ...options,
  });
}

/** Every line of it: once a header was set, `writeHead` keeps one of each name. */
export function passOnHead({ statusCode = 502, headersDistinct }: http.IncomingMessage, response: http.ServerResponse) {
  for (const [name, lines = []] of Object.entries(headersDistinct)) response.setHeader(name, lines);
  response.writeHead(statusCode);
}

/** `config.proxy` for a proxy. */
export function through({ url }: { readonly url: string }) {
  const { hostname: host, port } = new URL(url);
  return { protocol: 'http', host, port: Number(port) };
}
