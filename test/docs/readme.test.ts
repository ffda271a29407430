/** The program of README.md, as somebody pastes it into a cron job: it fails, and says what the server says. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { codeOf } from '../support/docs.js';
import { runProgram } from '../support/docs-run.js';
import { plainServer, server } from '../support/stage.js';

const [PROGRAM = ''] = codeOf('README.md', 'ts');

const PROBLEM = { type: 'about:blank', title: 'Out of credit', detail: 'Your balance is 30.' };

test.each([
  ['a JSON error', 500, 'application/json', '{"error":"the disk is full"}', ['the disk is full']],
  ['a problem (RFC 9457)', 403, 'application/problem+json', JSON.stringify(PROBLEM), [PROBLEM.title, PROBLEM.detail]],
  ['text', 404, 'text/plain', 'there is no report', ['there is no report']],
] as const)('%s of the server is shown, and the exit status is 1', async (_, status, type, body, words) => {
  const { url } = await plainServer((_request: IncomingMessage, response: ServerResponse) => {
    response.writeHead(status, { 'Content-Type': type }).end(body);
  });
  const ended = await runProgram(PROGRAM, { files: url });
  expect(ended).toMatchObject({ status: 1, stdout: '' });
  for (const word of words) expect(ended.stderr).toContain(word);
  expect(ended.stderr).toContain(`->  ${status}`);
});

test('text of the server moves no cursor', async () => {
  const { url } = await plainServer((_request, response) => response.writeHead(404).end('\u001b[2Jgone'));
  expect((await runProgram(PROGRAM, { files: url })).stderr).toMatch(/^'\\x1B\[2Jgone'\n/);
});

test('a refused password is explained, and the exit status is 1', async () => {
  const guarded = await server({ users: { alice: 'another' } });
  const ended = await runProgram(PROGRAM, { files: guarded.url });
  expect(ended).toMatchObject({ status: 1, stderr: expect.stringContaining('ERR_AUTH_') });
});

test('a server that does not answer is told, and the exit status is 1', async () => {
  const ended = await runProgram(PROGRAM, { files: 'http://127.0.0.1:9' });
  expect(ended).toMatchObject({ status: 1, stderr: expect.stringContaining('ECONNREFUSED') });
});
