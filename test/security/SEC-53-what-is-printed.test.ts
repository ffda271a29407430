/** SEC-53 What the command line prints of a server: nothing that a terminal obeys, and no row that looks like ours. */

import { type AddressInfo, createServer } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { width } from '../../src/base/columns.js';
import { sequence } from '../../src/cli/draw/sequence.js';
import { fitted, marked } from '../../src/cli/io/fitted.js';
import { jsonText } from '../../src/cli/io/json.js';
import { printable } from '../../src/cli/io/output.js';
import { print, say } from '../../src/cli/io/stdio.js';
import { prompt } from '../../src/index.js';
import { phrase, quoted } from '../../src/syntax/visible.js';
import { cli } from '../cli/run.js';
import { ask } from '../support/credential-request.js';
import { FakeTerminal } from '../support/fake-terminal.js';
import { afterwards } from '../support/stage.js';

/** What a terminal obeys, or what hides or turns text. */
const OBEYED = /(?!\n)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const EVIL = '\u001b[2J\u009b31m\u0007\u202e\u2066\u200b\u2028\u{e0041}\u0085\rx';
/** As a header has them on the wire. */
const BYTES = `\u001b[2J\u009b31m${Buffer.from('\u202e\u2066\u200b\u2028\u0085').toString('latin1')}`;

/** A server that says this, byte by byte: Node's own refuses to. */
async function saying(head: string, body = ''): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(Buffer.from(`${head}\r\nConnection: close\r\n\r\n${body}`, 'latin1')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterwards(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each([
  ['get', ['get'], `HTTP/1.1 404 No${BYTES}`],
  ['get -v', ['get', '-v'], `HTTP/1.1 404 No${BYTES}`],
  ['request', ['request', '-X', 'DELETE'], `HTTP/1.1 500 No${BYTES}`],
  [
    'probe',
    ['probe'],
    `HTTP/1.1 401 No${BYTES}\r\nWWW-Authenticate: Digest realm="${BYTES.slice(4)}", nonce="a\u009bb"`,
  ],
  [
    'probe of a token',
    ['probe', '--discover'],
    `HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer scope="a${BYTES}", resource_metadata="https://${BYTES}"`,
  ],
  [
    'login --token-stdin',
    ['login', '--token-stdin'],
    `HTTP/1.1 401 No${BYTES}\r\nWWW-Authenticate: Bearer realm="${BYTES}"`,
  ],
  ['login', ['login', '-u', 'alice', '--password-stdin'], `HTTP/1.1 403 No${BYTES}`],
  ['a body', ['get'], 'HTTP/1.1 400 No\r\nContent-Type: text/plain'],
  ['a redirect', ['get', '-v'], `HTTP/1.1 302 No\r\nLocation: /${Buffer.from('\u202e').toString('latin1')}\u009b?x`],
])('SEC-53 %s prints nothing that a terminal obeys', async (_, args, head) => {
  const url = await saying(head, `a${BYTES}\r\nb`);
  const { status, stdout, stderr } = await cli([...args, `${url}/`], {}, 'x\n');
  expect(status).not.toBe(0);
  expect(stdout + stderr).not.toMatch(OBEYED);
  expect(stdout + stderr).not.toBe('');
});

test('SEC-53 probe --json is JSON of the same values, with nothing in it that a terminal obeys', async () => {
  const realm = Buffer.from('\u202ea\u200b\u0085').toString('latin1');
  const url = await saying(`HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm="${realm}\u009b", nonce="a\u009bb"`);
  const { stdout } = await cli(['probe', '--json', `${url}/`]);
  expect(stdout).not.toMatch(OBEYED);
  expect(JSON.parse(stdout).challenges[0].params).toEqual({ realm: `${realm}\u009b`, nonce: 'a\u009bb' });
  const value = { [EVIL]: [EVIL, { a: `"\\${EVIL}` }] };
  expect(jsonText(value)).not.toMatch(OBEYED);
  expect(JSON.parse(jsonText(value))).toEqual(value);
});

test('SEC-53 a body at a terminal is shown, and not obeyed, however it is split into chunks', async () => {
  const body = Buffer.from(`a\tb\r\nc\rd\n${EVIL}é資\r`);
  const chunks = Array.from(body, (byte) => Buffer.from([byte]));
  const shown = await text(Readable.from(chunks, { objectMode: false }).pipe(printable()));
  expect(shown.replaceAll('\r\n', '\n').replaceAll('\t', '')).not.toMatch(OBEYED);
  expect(shown).toMatch(/^a\tb\r\nc\\x0dd\n\\x1b\[2J/);
  expect(shown).toMatch(/é資\\x0d$/);
});

const QUESTION = '? Password for https://bank.example:';
const PADDED: Readonly<Record<string, (columns: number) => string>> = {
  blanks: (columns) => ' '.repeat(columns) + QUESTION,
  'no-break spaces': (columns) => '\u00a0'.repeat(columns) + QUESTION,
  'ideographic spaces': (columns) => '\u3000'.repeat(columns) + QUESTION,
  'blanks of several kinds': (columns) => ' \u00a0\u2003\u2800'.repeat(columns) + QUESTION,
  letters: (columns) => `${'x'.repeat(columns)} ${QUESTION}`,
  'wide letters': (columns) => `${'資'.repeat(columns)} ${QUESTION}`,
  'escaped characters': (columns) => `${'\u202e'.repeat(columns)} ${QUESTION}`,
  tabs: (columns) => `${'\t'.repeat(columns)}${QUESTION}`,
};

/** The rows of a terminal that breaks lines at its edge. */
function rows(text: string, columns: number): string[] {
  return text.split('\n').flatMap((line) => {
    const found = [''];
    for (const character of line) {
      if (width(found.at(-1) + character) > columns) found.push('');
      found[found.length - 1] += character;
    }
    return found;
  });
}

describe.each([40, 80, 100, 132])('SEC-53 at %i columns', (columns) => {
  describe.each(Object.entries(PADDED))('SEC-53 a realm padded with %s', (_, padded) => {
    // Each length that would bring the question to the edge from where a realm may stand.
    const realms = Array.from({ length: columns }, (_, index) => padded(index + 1));

    test('SEC-53 begins no row of the prompt', async () => {
      for (const realm of realms.filter((_, index) => index % 7 === 0 || index > columns - 26)) {
        const terminal = new FakeTerminal();
        Object.assign(terminal.output, { columns });
        const leaving = new AbortController();
        const asked = Promise.resolve(prompt(terminal).get(ask({ realm, signal: leaving.signal }))).catch(() => {});
        await terminal.until('User name:');
        leaving.abort();
        await asked;
        const shown = terminal.shown.slice(0, terminal.shown.indexOf('User name:'));
        const line = shown.split('\n').find((one) => one.startsWith('The server calls this')) ?? '';
        expect(rows(line, columns)).toEqual([expect.stringMatching(/^The server calls this ".*"\.$/)]);
      }
    });

    test('SEC-53 begins no row of the drawing', () => {
      for (const realm of realms) {
        const lines: string[] = [];
        sequence(columns, true, (line) => lines.push(line))({
          type: 'challenged',
          realm,
          challenges: ['Digest SHA-256'],
        });
        for (const row of lines.flatMap((line) => rows(line, columns))) {
          expect(row.replace(/^[\s│]*/, '')).toMatch(/^($|providers|Digest|"|realm|SHA)/);
        }
      }
    });
  });

  test('SEC-53 long lines continue indented, at a terminal', () => {
    const line = `  1  sent without credentials   401  Basic   realm "${'x '.repeat(200)}`;
    const shown = fitted(line, { isTTY: true, columns });
    expect(Math.max(...shown.split('\n').map(width))).toBeLessThan(columns);
    for (const row of shown.split('\n').slice(1)) expect(row).toMatch(/^ {8}\S/);
    expect(shown.replace(/\s+/g, ' ').trim()).toBe(line.replace(/\s+/g, ' ').trim());
    expect(fitted(line, { isTTY: false, columns })).toBe(line);
    const said = marked(`${QUESTION}\n${'x'.repeat(300)}`, { isTTY: true, columns });
    for (const row of rows(said, columns)) expect(row).toMatch(/^ {2}\| /);
  });
});

test('SEC-53 of all output and messages a terminal obeys only colours', () => {
  const written: string[] = [];
  const [out, err] = [process.stdout.write, process.stderr.write];
  process.stdout.write = (line: unknown) => written.push(String(line)) > 0;
  process.stderr.write = process.stdout.write;
  try {
    print(`a\tb\n${EVIL}`);
    say(`\u001b[31ma\u001b[39m${EVIL}`);
  } finally {
    process.stdout.write = out;
    process.stderr.write = err;
  }
  expect(written).toHaveLength(2);
  expect(written.join('').replace(/\u001b\[(31|39)m|\t/g, '')).not.toMatch(OBEYED);
  expect(written[1]).toMatch(/^\u001b\[31ma\u001b\[39m\\x1b/);
});

test('SEC-53 runs of blanks are shortened, and can be distinguished', () => {
  expect(quoted(`a${' '.repeat(57)}b`)).toBe('"a\\x20{57}b"');
  expect(phrase(`a${' '.repeat(1000)}${'\u00a0'.repeat(2)}b c`)).toBe('a\\x20{1000}\\xa0{2}b c');
  expect(quoted('\\x20{2}')).not.toBe(quoted('  '));
  expect(quoted('\u202e'.repeat(80)).length).toBeLessThanOrEqual(82);
});
