/** The pages of the documentation, and the code blocks on them. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './program.js';

/** A fenced block of code. */
export interface Block {
  /** The path of its page from the root. */
  readonly page: string;
  /** The number of its first line on the page. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
  /** The heading it stands under. */
  readonly heading: string;
  /** The output it claims to have: the `text` or `json` block that follows it with no heading between. */
  readonly output?: string;
}

/** What a user reads, by path from the root; the reference in `docs/api` is apart. */
export function pages(): string[] {
  const folder = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  const top = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md'].filter((name) => existsSync(join(ROOT, name)));
  return [...top, ...folder.sort().map((name) => `docs/${name}`)];
}

export function textOf(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/** Every block of a page in order. An output is a block of its own, too. */
export function blocksOf(page: string): Block[] {
  const text = textOf(page);
  const found = [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(({ index, 0: whole, 1: language, 2: code }) => ({
    ...{ page, language: language as string, code: code as string, start: index, end: index + whole.length },
    line: text.slice(0, index).split('\n').length + 1,
    heading: [...text.slice(0, index).matchAll(/^#+ (.*)$/gm)].at(-1)?.[1] ?? '',
  }));
  return found.map(({ start, end, ...block }, index) => {
    const next = found[index + 1];
    const isOutput = next && runs(block) && shows(next) && next.heading === block.heading;
    return { ...block, ...(isOutput && { output: next.code }) };
  });
}

/** The code of a page's blocks of one language. */
export function codeOf(page: string, wanted: string): string[] {
  return blocksOf(page).flatMap(({ language, code }) => (language === wanted ? [code] : []));
}

/** Whether something happens when it is run. */
export function runs({ language }: Pick<Block, 'language'>): boolean {
  return language === 'ts' || language === 'sh';
}

function shows({ language }: Pick<Block, 'language'>): boolean {
  return language === 'text' || language === 'json';
}
