/** All stories, in one file for every runtime: `node stories.mjs URL`, where URL is that of judge.mjs. */

import './handshakes.js';
import './bodies.js';
import './fetching.js';
import './modules.js';
import { play } from './play.js';

await play();
