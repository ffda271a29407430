/** What a provider is asked, and files for it to read. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CredentialRequest } from '../../src/index.js';
import { afterwards } from '../support/stage.js';

const HOME = 'https://files.example';

/** A request of a provider, changed. */
export function asking(change: Partial<CredentialRequest> = {}): CredentialRequest {
  return { origin: HOME, realm: 'r', scheme: 'digest', proxy: false, url: `${HOME}/`, refused: 0, ...change };
}

/** A file that nobody else can read, which is gone after the test. */
export async function fileWith(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'axios-challenge-security-'));
  afterwards(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'file'), text, { mode: 0o600 });
  return join(folder, 'file');
}
