/** docs/interactive-clis.md shows what a person sees, and its programs end as it says. */

import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { blocksOf } from '../support/docs.js';
import { hosted } from '../support/docs-run.js';
import { ROOT } from '../support/program.js';
import { atTerminal, needsPty, type Window } from '../support/pty.js';
import { needsSecretService, secretService } from '../support/secret-service.js';
import { afterwards, server } from '../support/stage.js';

const blocks = blocksOf('docs/interactive-clis.md');
const [first, second] = blocks.filter(({ language }) => language === 'ts');

async function run(code: string, variables: NodeJS.ProcessEnv = {}): Promise<{ window: Window; url: string }> {
  const { url } = await server({ protect: { scheme: 'digest', realm: 'Files' } });
  const folder = await mkdtemp(join(ROOT, '.docs-'));
  afterwards(() => rm(folder, { recursive: true }));
  const file = join(folder, 'program.ts');
  writeFileSync(file, hosted(code, { files: url }));
  return { window: atTerminal(file, [], ['stdout'], variables), url };
}

needsPty('at a terminal', () => {
  needsSecretService('with a keychain', () => {
    test('the questions are those of the page, and stdout holds data only', async () => {
      const store = await secretService();
      const { window, url } = await run(first?.code ?? '', store.variables);
      await window.answer('User name:', 'alice');
      await window.answer('Password:', 'wonderland');
      await window.answer('(y/N)', 'y');
      expect(await window.left()).toMatchObject({ status: 0 });
      expect(JSON.parse(window.stdout)).toMatchObject({ user: 'alice' });
      const seen = seenIn(window).replaceAll(url, 'https://files.example');
      for (const line of first?.output?.trimEnd().split('\n') ?? ['no output']) expect(seen).toContain(line);
      expect(await store.lookup(`axios-challenge:${url}`, 'alice')).toBe('wonderland');
    });
  });

  test('Ctrl-C ends the program that asks for it as a shell expects', async () => {
    const { window } = await run(second?.code ?? '', { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' });
    await window.until('User name:');
    window.type('\u0003');
    expect(await window.left()).toMatchObject({ status: 130 });
    expect(window.screen).not.toContain('ERR_AUTH');
  });
});

/** All that was on the screen at some time, without colours and movements. */
function seenIn({ screen }: Window): string {
  return screen.replace(/\u001b\[[\d;?]*[A-Za-z]/g, '');
}
