/** A program that keeps tokens in the keychain: its argument says what is done, in order; it says what each step gave. */

import type { StoredToken } from '../../src/oauth/tokens/stored-token.js';
import { tokensIn } from '../../src/oauth/tokens/tokens.js';

export type Step = { readonly write: StoredToken } | 'read' | 'forget' | { readonly renew: StoredToken };

const [key, steps]: [string, Step[]] = JSON.parse(process.argv[2] ?? '');
const tokens = tokensIn(undefined);

async function take(step: Step): Promise<StoredToken | undefined | string> {
  try {
    if (step === 'read') return await tokens.read(key);
    if (step === 'forget') return String(await tokens.forget(key));
    if ('write' in step) return String(await tokens.write(key, step.write));
    return await tokens.renew(key, (await tokens.read(key)) ?? step.renew, async () => step.renew);
  } catch (error) {
    return (error as Error).message;
  }
}

const said: unknown[] = [];
for (const step of steps) said.push((await take(step)) ?? null);
process.stdout.write(JSON.stringify(said));
