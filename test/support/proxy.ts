/** The strict server as a proxy, and an origin over TLS behind it. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(response);
      });
      onward.on('error', () => response.writeHead(502).end());
      onward.end(body);
    },
    ...options,
  });
}

/** `config.proxy` for a proxy. */
export function through({ url }: { readonly url: string }) {
  const { hostname: host, port } = new URL(url);
  return { protocol: 'http', host, port: Number(port) };
}

let pair: { readonly key: string; readonly cert: string } | undefined;

/** A key with a certificate for localhost and 127.0.0.1, made for this run. */
export function selfSigned(): { readonly key: string; readonly cert: string } {
  pair ??= generate();
  return pair;
}

function generate() {
  const folder = mkdtempSync(join(tmpdir(), 'axios-challenge-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const made = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', ...made, ...names, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const files = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  rmSync(folder, { recursive: true });
  return files;
}
