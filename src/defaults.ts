/** The default schemes and the default chain of providers. */

import type { Provider, Scheme } from './model.js';
import { env } from './providers/env/env.js';
import { keychain } from './providers/keychain/keychain.js';
import { prompt } from './providers/terminal/prompt.js';
import { basic } from './schemes/basic.js';
import { bearer } from './schemes/bearer.js';
import { digest } from './schemes/digest/digest.js';

/** All schemes: the strongest challenge of a response is answered. */
export function defaultSchemes(): Scheme[] {
  return [digest(), bearer(), basic()];
}

/** The environment, then the OS keychain, then a person. */
export function defaultProviders(): Provider[] {
  return [env(), keychain(), prompt()];
}
