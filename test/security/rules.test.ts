/** Every security rule has a test of its name, or a reason why it does not apply; and a line that keeps it. */

import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('.', import.meta.url);

/** Rules without a test. */
const NOT_APPLICABLE: Readonly<Record<string, string>> = {};

/** The rules that the design names, and those that SECURITY.md adds. */
const FIRST = Array.from({ length: 35 }, (_, i) => `SEC-${String(i + 1).padStart(2, '0')}`);
const ADDED = readFileSync(new URL('../../SECURITY.md', folder), 'utf8').match(/SEC-\d\d/g) ?? [];
const RULES = [...new Set([...FIRST, ...ADDED])];
const files = readdirSync(folder).filter((file) => file.endsWith('.test.ts') && file !== 'rules.test.ts');
const texts = files.map((file) => readFileSync(new URL(file, folder), 'utf8')).join('\n');
const mutations: ReadonlyArray<readonly [rule: string, file: string, line: string, becomes: string]> = JSON.parse(
  readFileSync(new URL('mutations.json', folder), 'utf8'),
);

const applicable = RULES.filter((rule) => !(rule in NOT_APPLICABLE));

test.each(applicable)('%s has a test of its name', (rule) => {
  expect(texts).toMatch(new RegExp(`['"\`]${rule} `));
});

test.each(applicable)('%s has a line that keeps it (npm run mutations breaks it)', (rule) => {
  expect(mutations.map(([name]) => name)).toContain(rule);
});

test.each(mutations)('%s: %s still has the line that is broken', (_rule, file, line) => {
  expect(readFileSync(new URL(`../../${file}`, folder), 'utf8')).toContain(line);
});
