/** Tells the stories one by one, and says of each what came of it: no framework of tests runs on every runtime. */

import { setTimeout as pause } from 'node:timers/promises';

/** A runtime that the stories are told on. */
export type Runtime = 'Node' | 'Bun' | 'Deno';

interface Story {
  readonly name: string;
  readonly tell: () => Promise<void>;
  /** Why it cannot be told on a runtime. */
  readonly unless: Partial<Record<Runtime, string>>;
}

const LONGEST = 20_000;
const stories: Story[] = [];

/** Where we are. */
export const runtime: Runtime = 'Deno' in globalThis ? 'Deno' : 'Bun' in globalThis ? 'Bun' : 'Node';

/** A sentence about what a user sees, and its proof. */
export function story(name: string, tell: () => Promise<void>, unless: Story['unless'] = {}): void {
  stories.push({ name, tell, unless });
}

/** Ends the process, with 1 if a story was not true. */
export async function play(): Promise<never> {
  const counts = { passed: 0, skipped: 0, failed: 0 };
  for (const each of stories) counts[await outcomeOf(each)] += 1;
  const { passed, skipped, failed } = counts;
  const parts = [`${passed} passed`, `${skipped} skipped`, `${failed} failed`].filter((part) => !part.startsWith('0 '));
  console.log(`${runtime}: ${parts.join(', ')}`);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
}

async function outcomeOf({ name, tell, unless }: Story): Promise<'passed' | 'skipped' | 'failed'> {
  const reason = unless[runtime];
  if (reason !== undefined) {
    console.log(`  skipped: ${name} (${reason})`);
    return 'skipped';
  }
  try {
    await Promise.race([tell(), tooLong()]);
    return 'passed';
  } catch (error) {
    console.log(`  FAILED: ${name}\n${error instanceof Error ? error.stack : String(error)}`);
    return 'failed';
  }
}

async function tooLong(): Promise<never> {
  await pause(LONGEST);
  throw new Error(`no end after ${LONGEST} ms`);
}
