/** The request-target of a URL; the judge is what Node's own fetch sends. */

import { fetchTarget } from '../../../../src/axios/address/fetch-target.js';
import { plainServer } from '../../../support/stage.js';

test.each([
  ['/'],
  [''],
  ['/a/b?c=d&e'],
  ['/a?'],
  ['/a?#b'],
  ['/a#b?'],
  ['/a?b#c'],
  ['/a??'],
  ['/ä b?ü="x"'],
  ['//a//b'],
  ['/a/../b/./c'],
  ['/a%2Fb?c%3F'],
])('fetch sends %j in the same spelling', async (path) => {
  const { url, requests } = await plainServer((_, response) => response.end());
  await fetch(url + path);
  expect(fetchTarget(new URL(url + path))).toBe(requests[0]?.url);
});
