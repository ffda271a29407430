/** SEC-28: what sits on Object.prototype is no option, no credential and no answer, whatever the name. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findings, guardedPaths, sendsUnder } from '../support/pollutions.js';
import { ROOT } from '../support/program.js';

// What every object has anyway, or the language itself reads: with one of these polluted no program runs.
const LANGUAGE = /^(get|set|value|then|constructor|toString|toJSON)$/;

// follow-redirects takes them for parts of the URL, and tells of one that it did not send; for listeners, and dies. So
// does Node, with `ready`, when it opens a connection.
const FOREIGN = /^(host|hostname|pathname|search|socket|connect|abort|ready)$/;

const ROOMS = ['axios', 'exchange', 'providers', 'schemes', 'syntax', '.'];

/** Every option, and every member of every type, that our source declares. */
async function declaredNames(): Promise<string[]> {
  const found = new Set<string>();
  for (const room of ROOMS) {
    for (const entry of await readdir(join(ROOT, 'src', room), { recursive: room !== '.', withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const text = await readFile(join(entry.parentPath, entry.name), 'utf8');
      for (const [, name = ''] of text.matchAll(/^ +(?:readonly )?(\w+)\??[:(]/gm)) found.add(name);
    }
  }
  return [...found].filter((name) => !LANGUAGE.test(name) && !FOREIGN.test(name)).sort();
}

// The outcome of the request by fetch, among those of one client.
const FETCHED = 7;

test('SEC-28 own properties: every name, one by one, changes no outcome and no request', async () => {
  const names = await declaredNames();
  const pollutions = [{ name: 'clean', properties: [] }, ...names.map((name) => ({ name, properties: [name] }))];
  expect(names).toEqual(expect.arrayContaining(['providers', 'allowInsecure', 'onEvent', 'mutual', 'interactive']));
  const guarded = await guardedPaths();
  const [clean, ...polluted] = await findings(guarded, pollutions);
  const sends = sendsUnder(guarded, 'clean');
  expect(sends.length).toBeGreaterThan(15);
  const changed = polluted.flatMap(({ name, ours, bare }) => {
    const unlike = (row: number) => bare[row] !== clean?.bare[row];
    const lost = bare.filter((_, row) => unlike(row)).length;
    // Where axios and Node themselves go other ways (`signal`, `timeout`), so do we; fetch alone has more of them.
    if (lost > 1 || (lost === 1 && !unlike(FETCHED))) return [];
    const others = ours.filter((outcome, i) => outcome !== clean?.ours[i] && !unlike(i % bare.length));
    if (lost === 0 && sendsUnder(guarded, name).join() !== sends.join()) others.push('other requests');
    return others.length > 0 ? [[name, ...others]] : [];
  });
  expect(changed).toEqual([]);
}, 300_000);
