/** docs/command-line.md says what happens; its command lines run in test/docs/pages.test.ts. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../src/cli/commands.js';
import { sequence } from '../../src/cli/draw/sequence.js';
import { EXIT } from '../../src/cli/io/exit.js';
import type { AuthEvent } from '../../src/index.js';
import { fakeIssuer } from '../support/fake-issuer.js';
import { ROOT } from '../support/program.js';
import { alice, client, plainServer, server } from '../support/stage.js';
import { cli } from './run.js';

const page = readFileSync(join(ROOT, 'docs/command-line.md'), 'utf8');

function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text]) => text as string);
}

test('the drawing of the page is what get -v draws', async () => {
  const realm = 'Files';
  const { url } = await server({
    protect: [
      { scheme: 'basic', realm },
      { scheme: 'digest', realm, algorithm: 'SHA-256' },
    ],
  });
  const drawn: string[] = [];
  const see = sequence(80, true, (line) => drawn.push(line));
  const env = { name: 'env', get: () => alice };
  await client(url, { providers: [env], onEvent: (event: AuthEvent) => see(event) }).get('/report');
  expect(`${drawn.join('\n')}\n`).toBe(blocks('text')[0]);
});

test('the token of the page is what probe says of it', async () => {
  const id = await fakeIssuer();
  const { url } = await plainServer(({ url: path }, response) => {
    const place = '/.well-known/oauth-protected-resource/report';
    const metadata = { resource: `${url}/report`, authorization_servers: [id.issuer] };
    if (path === place) response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(metadata));
    else response.writeHead(401, { 'WWW-Authenticate': 'Bearer scope="files:read"' }).end();
  });
  const { stdout } = await cli(['probe', '--discover', `${url}/report`]);
  const shown = stdout.replaceAll(url, 'https://files.example').replaceAll(id.issuer, 'https://id.example');
  expect(shown).toContain(`\n${blocks('text')[1]}\n`);
});

test('the table has every exit status, and no other number', () => {
  const rows = [...page.matchAll(/^\| (\d[\d, ]*) \|/gm)].flatMap(([, numbers]) =>
    (numbers as string).split(', ').map(Number),
  );
  const signals = [130, 143, 129];
  expect(rows.sort()).toEqual([...Object.values(EXIT), ...signals].sort());
});

test('every command is named', () => {
  for (const name of Object.keys(COMMANDS)) expect(page).toContain(`axios-challenge ${name}`);
});
