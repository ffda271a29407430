/** What really went over the wire to one origin, heard from Node itself, below axios and our own code. */

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';

/** One request that was answered. */
export interface Send {
  readonly method: string;
  /** The request-target. */
  readonly path: string;
  readonly authorization: string | undefined;
  readonly status: number | undefined;
  readonly challenge: string | undefined;
  readonly authenticationInfo: string | undefined;
}

/** Listens to what goes to an origin. */
export class Wire {
  /** The sends of the current test, oldest first. */
  sends: Send[] = [];
  #host: string | undefined;

  listen(origin: string): void {
    this.#host = new URL(origin).host;
    subscribe('http.client.response.finish', this.#hear);
  }

  get statuses(): (number | undefined)[] {
    return this.sends.map((send) => send.status);
  }

  /** The last `Authorization` sent. */
  get authorization(): string {
    return this.sends.at(-1)?.authorization ?? '';
  }

  stop(): void {
    unsubscribe('http.client.response.finish', this.#hear);
  }

  readonly #hear = (message: unknown): void => {
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
    if (request.getHeader('host') !== this.#host) return;
    this.sends.push({
      method: request.method,
      path: request.path,
      authorization: request.getHeader('authorization') as string | undefined,
      status: response.statusCode,
      challenge: response.headers['www-authenticate'],
      authenticationInfo: response.headers['authentication-info'] as string | undefined,
    });
  };
}

/** The value of one auth-param of a challenge or an Authorization, as the wire had it, without its quotes. */
export function authParam(field: string | undefined, name: string): string | undefined {
  return new RegExp(`[ ,]${name}="?([^",]*)`).exec(field ?? '')?.[1];
}
