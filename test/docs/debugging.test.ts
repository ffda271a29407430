/** docs/debugging.md: its program writes what it says, and its tables are complete. */

import { codeOf, textOf } from '../support/docs.js';
import { runProgram } from '../support/docs-run.js';
import { server } from '../support/stage.js';

const text = textOf('docs/debugging.md');
const [program = ''] = codeOf('docs/debugging.md', 'ts');
const guard = { protect: { scheme: 'digest', algorithm: 'SHA-256', realm: 'Files' } } as const;

test('the program writes the attributes of its table', async () => {
  const guarded = await server(guard);
  const { status, stdout, stderr } = await runProgram(program, { files: guarded.url });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout.split('\n')).toEqual(
    expect.arrayContaining([
      'http.request.method GET',
      'url.full https://files.example/report',
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
  const written = [...program.matchAll(/^ {4}'([\w.]+)':/gm)].map(([, name]) => name as string);
  expect(written.length).toBeGreaterThan(5);
  const rows = text.split('\n').filter((line) => line.startsWith('| `'));
  expect(written.filter((name) => !rows.some((row) => row.includes(`\`${name}\``)))).toEqual([]);
});

test('every type of event is in the table', () => {
  const types = [...textOf('src/exchange/trace/events.ts').matchAll(/readonly type: '(\w+)'/g)].map(
    ([, type]) => type as string,
  );
  expect(types.length).toBeGreaterThan(8);
  expect(types.filter((type) => !text.includes(`| \`${type}\` |`))).toEqual([]);
});
