/** Which memory a request uses: credentials of different sources never meet. */

import { sameCredential } from '../exchange/space.js';
import { Spaces } from '../exchange/spaces.js';
import type { PasswordCredential, Provider } from '../model.js';

const MAX_MEMORIES = 32;

/** The protection spaces of a client, apart for each list of providers and for each credential of a caller. */
export class Memory {
  readonly #byProviders: Array<{ readonly providers: readonly Provider[]; readonly spaces: Spaces }> = [];
  readonly #byCredential: Array<{ readonly credential: PasswordCredential; readonly spaces: Spaces }> = [];

  /** Those of a list of providers: the same providers in the same order. */
  of(providers: readonly Provider[]): Spaces {
    const known = this.#byProviders.find((one) => sameList(one.providers, providers));
    return known?.spaces ?? keep(this.#byProviders, { providers, spaces: new Spaces() });
  }

  /** Those of a credential that callers put into `config.auth` or the URL. */
  ofCaller(credential: PasswordCredential): Spaces {
    const known = this.#byCredential.find((one) => sameCredential(one.credential, credential));
    return known?.spaces ?? keep(this.#byCredential, { credential, spaces: new Spaces() });
  }

  /** Forgets everything, or one origin. */
  forget(origin?: string): void {
    for (const { spaces } of [...this.#byProviders, ...this.#byCredential]) spaces.forget(origin);
  }
}

function keep<Entry extends { readonly spaces: Spaces }>(list: Entry[], entry: Entry): Spaces {
  list.push(entry);
  if (list.length > MAX_MEMORIES) list.shift();
  return entry.spaces;
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}
