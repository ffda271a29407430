/** docs/debugging.md: its program runs, what it shows is printed, and its tables are complete. */

import { blocks, page, runBlock } from '../support/blocks.js';
import { server } from '../support/stage.js';

const text = page('docs/debugging.md');
const guard = { protect: { scheme: 'digest', algorithm: 'SHA-256', realm: 'Files' } } as const;

test('the program writes the attributes of its table', async () => {
  const guarded = await server(guard);
  const { status, stdout, stderr } = await runBlock(blocks(text, 'ts')[0] ?? '', guarded.url);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout.split('\n')).toEqual(
    expect.arrayContaining([
      'http.request.method GET',
      `url.full ${guarded.url}/report`,
      'http.response.status_code 200',
      'http.request.resend_count 1',
      'auth.scheme Digest SHA-256',
      "auth.challenges [ 'Digest SHA-256' ]",
      'auth.preemptive false',
      'auth.provider env',
      'auth.send',
      'auth.reply',
      'auth.challenged',
      'auth.verdict',
      'auth.end',
    ]),
  );
});

test('every attribute that the program writes is in the table', () => {
  const [program = ''] = blocks(text, 'ts');
  const written = [...program.matchAll(/^ {4}'([\w.]+)':/gm)].map(([, name]) => name as string);
  expect(written.length).toBeGreaterThan(5);
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  expect(written.filter((name) => !rows.some((row) => row.includes(`\`${name}\``)))).toEqual([]);
});

test('AXIOS_CHALLENGE_DEBUG=1 prints what the page shows', async () => {
  const guarded = await server(guard);
  const { stderr } = await runBlock(blocks(text, 'ts')[0] ?? '', guarded.url, { AXIOS_CHALLENGE_DEBUG: '1' });
  const [shown = ''] = blocks(text, 'text');
  expect(stderr.replaceAll(guarded.url, 'https://files.example').replace(/ +\d+ ms$/gm, '')).toBe(shown);
});

test('every type of event is in the table', () => {
  const types = [...page('src/exchange/trace.ts').matchAll(/readonly type: '(\w+)'/g)].map(
    ([, type]) => type as string,
  );
  expect(types.length).toBeGreaterThan(8);
  expect(types.filter((type) => !text.includes(`| \`${type}\` |`))).toEqual([]);
});
