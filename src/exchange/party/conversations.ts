/** The two conversations of an exchange: with the origin, and with the proxy on the way to it. */

import { type Context, Conversation } from './conversation.js';

/** The proxy's begins when it matters. */
export class Conversations<Outcome = unknown> {
  readonly origin: Conversation<Outcome>;
  readonly #context: Context<Outcome>;
  #proxy: Conversation<Outcome> | undefined;

  constructor(context: Context<Outcome>) {
    this.#context = context;
    this.origin = new Conversation(context, context.origin);
  }

  /** `undefined` as long as no proxy is known to be on the way. */
  get proxy(): Conversation<Outcome> | undefined {
    if (this.#proxy) return this.#proxy;
    const challenger = this.#context.proxy();
    this.#proxy = challenger && new Conversation(this.#context, challenger);
    return this.#proxy;
  }

  /** Nobody waits for this exchange any more. */
  end(): void {
    for (const conversation of [this.origin, this.#proxy]) {
      conversation?.endTrial();
      conversation?.endRenewal();
    }
  }
}
