/** Searches for longer than `npm test`, from another seed each time: FUZZ_SEED plays one again, FUZZ_SECONDS is for a property. */

import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';

const { FUZZ_SECONDS = '30', FUZZ_SEED = String(randomInt(2 ** 31)) } = process.env;
console.log(`FUZZ_SEED=${FUZZ_SEED} FUZZ_SECONDS=${FUZZ_SECONDS}`);

const options = ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'];
const jest = spawn(process.execPath, [...options, 'node_modules/jest/bin/jest.js', 'test/fuzz'], {
  env: { ...process.env, FUZZ_SEED, FUZZ_SECONDS },
  stdio: 'inherit',
});
jest.on('exit', (status) => {
  process.exitCode = status ?? 1;
});
