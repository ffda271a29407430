/** Ends what the process remembers of origins (SEC-39) with each test: one server, or one port, serves many of them. */

import { OFFERS } from '../../src/axios/parties/memory.js';

afterEach(() => {
  OFFERS.origins.clear();
  OFFERS.proxies.clear();
});
