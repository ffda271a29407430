/** The messages of this client, as the answers of one handshake: each send has a token of its own. */

import type { Answer, Authorization, AuthorizedRequest, Challenge, Confirmation } from '../../model.js';
import type { SecurityContext } from './context.js';

/** Makes the token of a message. */
type Make = (request: AuthorizedRequest) => Promise<SecurityContext>;

/** One message. A token is taken once: what is sent again has another. */
export class NegotiateMessage implements Answer {
  readonly needsBody = false;
  readonly #make: Make;
  #context: SecurityContext | undefined;
  #made: Authorization | undefined;

  /** `number` counts the messages of the handshake, from 1. */
  constructor(
    make: Make,
    readonly number = 1,
  ) {
    this.#make = make;
  }

  async prepare(request: AuthorizedRequest): Promise<string | undefined> {
    try {
      this.#made = await this.#authorization(request);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }

  authorize(request: AuthorizedRequest): Authorization | Promise<Authorization> {
    const made = this.#made;
    this.#made = undefined;
    return made ?? this.#authorization(request);
  }

  /** The next one, to what the server has sent. */
  next(message: string): NegotiateMessage | undefined {
    const context = this.#context;
    return context && new NegotiateMessage(() => context.follow(message), this.number + 1);
  }

  async #authorization(request: AuthorizedRequest): Promise<Authorization> {
    const context = await this.#make(request);
    this.#context = context;
    return {
      value: `Negotiate ${context.token}`,
      remark: remarkOn(request, context),
      conclude: (challenges) => conclude(context, challenges),
    };
  }
}

/** The package takes no channel binding on any platform (RFC 5929, MS-SFU "Extended Protection"). */
function remarkOn({ origin }: AuthorizedRequest, { isNtlm }: SecurityContext): string | undefined {
  const remarks = [
    ...(isNtlm ? ['NTLM inside'] : []),
    ...(origin?.startsWith('https:') ? ['kerberos cannot bind it to the certificate'] : []),
  ];
  return remarks.length === 0 ? undefined : remarks.join(', ');
}

/** RFC 4559 §5: the final token comes in a `WWW-Authenticate` of the response that lets the request in. */
async function conclude(context: SecurityContext, challenges: readonly Challenge[]): Promise<Confirmation> {
  const final = challenges.find(({ scheme, token68 }) => scheme === 'negotiate' && token68 !== undefined);
  return { mutual: await context.verify(final?.token68) };
}
