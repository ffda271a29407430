/** Random servers against random callers, thousands of times, in a time that jumps: what always holds. */

import fc from 'fast-check';
import { budget, TIMEOUT } from './budget.js';
import { breaches, outsiders } from './model/laws.js';
import { play } from './model/play.js';
import { fairStory, orderlyStory, story } from './model/story.js';

test(
  'whatever servers, networks, providers and callers do, the laws hold',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(story, orderlyStory), async (one) => expect(breaches(await play(one))).toEqual([])),
      budget(1200),
    );
  },
  TIMEOUT,
);

test(
  'where no server lies or fails, whoever has the right credential is let in',
  async () => {
    await fc.assert(
      fc.asyncProperty(fairStory, async (one) => expect(outsiders(await play(one))).toEqual([])),
      budget(1200),
    );
  },
  TIMEOUT,
);
