/** docs/command-line.md says what happens; its command lines run in test/docs/pages.test.ts. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../src/cli/commands.js';
import { EXIT } from '../../src/cli/exit-status.js';
import { sequence } from '../../src/cli/sequence.js';
import type { AuthEvent } from '../../src/index.js';
import { ROOT } from '../support/program.js';
import { alice, client, server } from '../support/stage.js';

const page = readFileSync(join(ROOT, 'docs/command-line.md'), 'utf8');

function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text]) => text as string);
}

test('the drawing is what is drawn', async () => {
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

test('every exit status is in the table, and no other', () => {
  const rows = [...page.matchAll(/^\| (\d[\d, ]*) \|/gm)].flatMap(([, numbers]) =>
    (numbers as string).split(', ').map(Number),
  );
  const signals = [130, 143, 129];
  expect(rows.sort()).toEqual([...Object.values(EXIT), ...signals].sort());
});

test('every command is named', () => {
  for (const name of Object.keys(COMMANDS)) expect(page).toContain(`axios-challenge ${name}`);
});
