/** An address of the issuer is shown as it is, and opened without a shell, only as a page of the web, only for a person. */

import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasBrowser, openBrowser } from '../../src/oauth/flow/open-browser.js';
import { type OAuthOptions, oauth } from '../../src/oauth/oauth.js';
import { personFor } from '../../src/oauth/person.js';
import { ask } from '../support/credential-request.js';
import { fakeIssuer, json, tokens } from '../support/fake-issuer.js';
import { FakeTerminal } from '../support/fake-terminal.js';
import { afterwards, until } from '../support/stage.js';

/** A program in place of the platform's, which writes down its arguments. */
async function fakeOpener(): Promise<{ arguments(): Promise<string[]>; wasStarted(): boolean; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'axios-challenge-opener-'));
  const [note, path] = [join(folder, 'arguments'), process.env.PATH];
  for (const name of ['xdg-open', 'open', 'rundll32']) {
    const lines = ['#!/bin/sh', `printf '%s\\n' "$@" > ${note}.new`, `mv ${note}.new ${note}`];
    await writeFile(join(folder, name), lines.join('\n'));
    await chmod(join(folder, name), 0o700);
  }
  process.env.PATH = `${folder}:${path}`;
  afterwards(() => {
    process.env.PATH = path;
    return rm(folder, { recursive: true });
  });
  const wasStarted = () => existsSync(note);
  return {
    folder,
    wasStarted,
    arguments: async () => {
      await until(wasStarted);
      return (await readFile(note, 'utf8')).trimEnd().split('\n');
    },
  };
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is for a shell
const NASTY = 'https://id.example/a?x=$(touch${IFS}pwned)&y=`id`;z|w&calc.exe&"q"';

test.each([
  ['linux', 1],
  ['darwin', 1],
  ['win32', 2],
])('SEC-63 on %s no shell reads the address', async (platform, count) => {
  const opener = await fakeOpener();
  openBrowser(NASTY, platform);
  const sent = await opener.arguments();
  expect(sent).toHaveLength(count);
  expect(sent.at(-1)).toBe(new URL(NASTY).href);
});

test.each(['file:///etc/passwd', 'javascript:alert(1)', '-flag', 'calc.exe', 'vscode://x', ''])(
  'SEC-63 %j is not opened',
  async (address) => {
    const opener = await fakeOpener();
    openBrowser(address, 'linux');
    openBrowser('https://id.example/', 'linux');
    expect(await opener.arguments()).toEqual(['https://id.example/']);
  },
);

test.each([
  [{ DISPLAY: ':0' }, 'linux', true],
  [{ WAYLAND_DISPLAY: 'w' }, 'linux', true],
  [{}, 'linux', false],
  [{ DISPLAY: ':10', SSH_CONNECTION: '1 2 3 4' }, 'linux', false],
  [{ SSH_TTY: '/dev/pts/1' }, 'darwin', false],
  [{}, 'darwin', true],
  [{}, 'win32', true],
])('SEC-63 with %j on %s a browser can be opened: %s', (environment, platform, expected) => {
  expect(hasBrowser(environment, platform)).toBe(expected);
});

const base = { clientId: 'cli', store: false } as const;

async function attempt(options: OAuthOptions): Promise<unknown> {
  const leaving = new AbortController();
  const [, person] = oauth(options).providers ?? [];
  const outcome = Promise.resolve(person?.get(ask({ scheme: 'bearer', signal: leaving.signal }))).catch(
    (error) => error,
  );
  afterwards(() => leaving.abort());
  return outcome;
}

test('SEC-63 with a terminal the address is shown with its host, and then opened', async () => {
  const opener = await fakeOpener();
  const id = await fakeIssuer();
  const { input, output, ...terminal } = new FakeTerminal();
  const shown = new FakeTerminal();
  void attempt({
    ...base,
    ...terminal,
    issuer: id.issuer,
    input,
    output: shown.output,
    environment: { DISPLAY: ':0' },
  });
  const [address = ''] = await opener.arguments();
  expect(shown.shown).toContain(`Log in at ${new URL(id.issuer).host} with your browser:\n${address}\n`);
});

test('SEC-63 without a terminal nothing is opened, even if a person may be asked', async () => {
  const opener = await fakeOpener();
  const id = await fakeIssuer();
  const shown = new FakeTerminal();
  const environment = { DISPLAY: ':0', CI: '1' };
  expect(await attempt({ ...base, issuer: id.issuer, environment, output: shown.output })).toBeUndefined();
  expect(shown.shown).toBe('');
  const asked = {
    ...base,
    issuer: id.issuer,
    environment,
    output: shown.output,
    prompt: true,
    flow: 'browser',
  } as const;
  expect(personFor(asked)).toMatchObject({ open: undefined });
  void attempt(asked);
  await shown.until('response_type=code');
  openBrowser('https://id.example/last', 'linux');
  expect(await opener.arguments()).toEqual(['https://id.example/last']);
});

test('SEC-63 the address that a device is sent to is one of the web', async () => {
  for (const verification_uri of [
    'javascript:alert(1)',
    'http://id.example/device',
    'file:///etc/passwd',
    'no address',
  ]) {
    const device = json({ device_code: 'd', user_code: 'UC', verification_uri, expires_in: 60 });
    const id = await fakeIssuer({ '/device': device });
    const shown = new FakeTerminal();
    const { input, environment } = new FakeTerminal();
    const error = await attempt({
      ...base,
      issuer: id.issuer,
      flow: 'device',
      input,
      environment,
      output: shown.output,
    });
    expect(String(error)).toContain('names an address for the person that is not https');
    expect(shown.shown).not.toContain(verification_uri);
  }
});

test('SEC-63 control characters and blanks in what is shown are visible', async () => {
  const user_code = `AB\u001b[2J\u202e\nPassword:${' '.repeat(300)}x`;
  const device = {
    device_code: 'd',
    user_code,
    verification_uri: 'https://id.example/\u001b[31m\u202e',
    expires_in: 60,
  };
  const id = await fakeIssuer({ '/device': json({ ...device, interval: 1 }), '/token': tokens('t') });
  const shown = new FakeTerminal();
  const { input, environment } = new FakeTerminal();
  await attempt({ ...base, issuer: id.issuer, flow: 'device', input, environment, output: shown.output });
  expect(shown.shown).toContain('AB\\x1b[2J\\u202e\\x0aPassword:\\x20{300}x\n');
  expect(shown.shown).not.toMatch(/[^\P{C}\n]/u);
});
