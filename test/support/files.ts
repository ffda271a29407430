/** Files for a test, which are gone after it. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterwards } from './stage.js';

/** An empty folder. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'axios-challenge-'));
  afterwards(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A file in a folder of its own; nobody else can read it, unless `mode` says so. */
export async function temporaryFile(name: string, content: string | Uint8Array, mode = 0o600): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, content, { mode });
  return path;
}
