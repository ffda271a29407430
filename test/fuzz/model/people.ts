/** The providers of a story: who has which credential, and what they were told of it. */

import type { Credential, CredentialRequest, Provider, UsernameHint } from '../../../src/model.js';
import type { Holder, Place, Story } from './story.js';

/** A verdict that a provider heard. */
export interface Told {
  readonly verdict: 'approve' | 'reject';
  readonly provider: number;
  readonly place: Place;
  readonly secret: string;
  /** Whether the secret was the right one at that moment. */
  readonly isRight: boolean;
  /** How many requests had arrived by then. */
  readonly arrivals: number;
}

/** Where they live. */
export interface Scene {
  readonly users: Readonly<Record<Place, Readonly<Record<string, string>>>>;
  placeOf(origin: string): Place;
  sleep(milliseconds: number): Promise<void>;
  /** How many requests have arrived so far. */
  arrived(): number;
}

export class People {
  readonly told: Told[] = [];
  readonly providers: readonly Provider[];

  constructor(
    story: Story,
    private readonly scene: Scene,
  ) {
    this.providers = story.providers.map((holder, index) => this.#provider(holder, index));
  }

  #provider(holder: Holder, index: number): Provider {
    const given = new Map<Place, number>();
    const tell = (verdict: Told['verdict']) => async (request: CredentialRequest, credential: Credential) => {
      this.#note(verdict, index, request, credential);
      if (holder.hears === 'slowly') await this.scene.sleep(200);
      if (holder.hears === 'badly') throw new Error('not now');
    };
    return {
      name: `${holder.gives} ${index}`,
      interactive: holder.interactive,
      // Who gives a wrong token first has another one then.
      ...(holder.gives === 'wrong, then right' && { stepUp: true as const }),
      get: async (request) => {
        await this.scene.sleep(holder.delay);
        const place = this.scene.placeOf(request.origin);
        if (request.proxy !== (place === 'proxy')) throw new Error('asked for a proxy that is none');
        const times = given.get(place) ?? 0;
        given.set(place, times + 1);
        return this.#give(holder, index, place, times, request.scheme);
      },
      approve: tell('approve'),
      reject: tell('reject'),
    };
  }

  #give(
    { gives }: Holder,
    index: number,
    place: Place,
    times: number,
    scheme: string,
  ): Credential | UsernameHint | undefined {
    const username = `me@${place}`;
    const isRight = gives === 'right' || (gives === 'wrong, then right' && times > 0);
    if (gives === 'nothing') return undefined;
    if (gives === 'a name') return { username };
    if (gives === 'trouble') throw new Error('locked');
    if (scheme === 'bearer') return { token: `${isRight ? 'right' : `wrong${index}`}-${place}` };
    return { username, password: isRight ? String(this.scene.users[place][username]) : `wrong${index}@${place}` };
  }

  #note(verdict: Told['verdict'], provider: number, request: CredentialRequest, credential: Credential): void {
    const place = this.scene.placeOf(request.origin);
    const secret = 'token' in credential ? credential.token : credential.password;
    const isRight = secret === this.scene.users[place][`me@${place}`] || secret === `right-${place}`;
    this.told.push({ verdict, provider, place, secret, isRight, arrivals: this.scene.arrived() });
  }
}
