// @ts-check
/**
 * The program of keytar-process.ts: answers each line of stdin with a line, from the keytar whose main file is its
 * argument. It imports nothing of this package, since it runs as text (`node -e`), in whichever bundle it ended up.
 */

const { createInterface } = require('node:readline');
const { dirname, join } = require('node:path');

/**
 * @typedef {{ code?: string, message: string }} Failure
 * @typedef {{ value: unknown } | { failure: string } | { broken: Failure }} Reply
 * @typedef {Record<string, (...args: string[]) => Promise<unknown>>} Keytar
 */

const main = /** @type {string} */ (process.argv[1]);

/** @returns {Keytar} */
function load() {
  try {
    return require(main);
  } catch (error) {
    throw nativeFailure() ?? error;
  }
}

/** The reason why the native part does not load, which keytar replaces by an error of its own. */
function nativeFailure() {
  for (const folder of ['build/Release', `prebuilds/${process.platform}-${process.arch}`]) {
    try {
      require(join(dirname(main), '..', folder, 'keytar.node'));
    } catch (reason) {
      const failure = /** @type {Failure} */ (reason);
      if (failure.code === 'ERR_DLOPEN_FAILED') return failure;
    }
  }
  return undefined;
}

/**
 * @param {[method: string, ...args: string[]]} request
 * @returns {Promise<Reply>}
 */
async function answer([method, ...args]) {
  /** @type {Keytar} */
  let keytar;
  try {
    keytar = load();
  } catch (error) {
    const { code, message } = /** @type {Failure} */ (error);
    return { broken: { ...(code !== undefined && { code }), message } };
  }
  const call = /** @type {Keytar[string]} */ (keytar[method]);
  return call(...args).then(
    (value) => ({ value }),
    (/** @type {Failure} */ { message }) => ({ failure: message }),
  );
}

/**
 * One line. U+2028 and U+2029 are escaped, because readline takes them for line ends from Node 24 on.
 *
 * @param {Reply} reply
 */
function lineOf(reply) {
  return `${JSON.stringify(reply)
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029')}\n`;
}

createInterface({ input: process.stdin })
  .on('line', async (line) => process.stdout.write(lineOf(await answer(JSON.parse(line)))))
  // `exit` would wait for the threads of a call that hangs.
  .on('close', () => process.kill(process.pid, 'SIGKILL'));
