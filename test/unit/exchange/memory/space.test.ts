/** A protection space by itself: what it covers, and that it may outlive the memory it came from. */

import { Space } from '../../../../src/exchange/memory/space.js';
import { Spaces } from '../../../../src/exchange/memory/spaces.js';
import { newStores } from '../../../../src/exchange/memory/stores.js';
import { basic } from '../../../../src/schemes/basic.js';
import { choiceOf } from '../../../support/offer.js';

const challenge = { scheme: 'basic', params: { realm: 'files' } };
const choice = choiceOf(basic(), challenge);

test('a space covers the directory of each path that it challenged', () => {
  const space = new Space('https://files.example', 'files', newStores());
  space.offered(choice, 'https://files.example/docs/one');
  expect(['/docs/two', '/docs', '/other'].map((path) => space.covers(path))).toEqual([true, false, false]);
});

test('a space of a forgotten origin continues by itself, and is not remembered again', () => {
  const spaces = new Spaces();
  const space = spaces.of('https://files.example', challenge);
  spaces.forget('https://files.example');
  space.offered(choice, 'https://files.example/docs/one');
  expect(space.covers('/docs/two')).toBe(true);
  expect(spaces.size).toBe(0);
});
