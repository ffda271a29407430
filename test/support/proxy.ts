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

/** Every line of it, from the raw ones: once a header was set, `writeHead` keeps one of each name. */
export function passOnHead({ statusCode = 502, rawHeaders }: http.IncomingMessage, response: http.ServerResponse) {
  const lines = new Map<string, string[]>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name, value] = [(rawHeaders[index] as string).toLowerCase(), rawHeaders[index + 1] as string];
    lines.set(name, [...(lines.get(name) ?? []), value]);
  }
  for (const [name, values] of lines) response.setHeader(name, values);
  response.writeHead(statusCode);
}

/** `config.proxy` for a proxy. */
export function through({ url }: { readonly url: string }) {
  const { hostname: host, port } = new URL(url);
  return { protocol: 'http', host, port: Number(port) };
}
