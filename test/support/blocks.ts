/** The code blocks of a page of the documentation, and how its programs run. */

import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Ended, program, ROOT } from './program.js';
import { afterwards } from './stage.js';

/** The text of a page, by its path from the root. */
export function page(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Its blocks of one language. */
export function blocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block]) => block as string);
}

/** Runs a program of the documentation against a server, with alice's credential in the environment. */
export async function runBlock(text: string, url: string, variables: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const folder = await mkdtemp(join(ROOT, '.docs-'));
  afterwards(() => rm(folder, { recursive: true }));
  const file = join(folder, 'program.ts');
  await writeFile(file, text.replaceAll('https://files.example', url));
  const credential = { AXIOS_CHALLENGE_USERNAME: 'alice', AXIOS_CHALLENGE_PASSWORD: 'wonderland' };
  return program(file, [], { ...credential, ...variables });
}
