/** The servers of a story on this machine, for the real axios: the strict server, with mishaps on the way. */

import http, { type ServerResponse } from 'node:http';
import {
  type ChallengeServer,
  type ChallengeServerOptions,
  challengeServer,
} from '../../../src/testing/challenge-server.js';
import { passOnHead } from '../../support/proxy.js';
import type { Scene } from './people.js';
import type { Mishap, Place, Story } from './story.js';

/** Milliseconds that a request takes at most on each way. */
const LONGEST = 6;

export const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

export class Loopback implements Scene {
  readonly users = { a: right('a'), b: right('b'), proxy: right('proxy') };
  readonly sleep = (milliseconds: number) => sleep(milliseconds % LONGEST);
  readonly #mishaps = new WeakMap<ServerResponse, Mishap>();
  #count = 0;

  private constructor(
    private readonly story: Story,
    readonly servers: Partial<Record<Place, ChallengeServer>>,
  ) {}

  static async start(story: Story): Promise<Loopback> {
    const started = new Loopback(story, {});
    for (const place of ['a', 'b'] as const) {
      started.servers[place] = await challengeServer(started.#options(place, story.servers[place]));
    }
    if (story.proxy)
      started.servers.proxy = await challengeServer({ ...started.#options('proxy', story.proxy), ...PROXY });
    return started;
  }

  async close(): Promise<void> {
    for (const server of Object.values(this.servers)) await server.close();
  }

  originOf(place: Place): string {
    return (this.servers[place] as ChallengeServer).url;
  }

  placeOf(origin: string): Place {
    const found = (Object.keys(this.servers) as Place[]).find((place) => this.originOf(place) === origin);
    if (!found) throw new Error(`${origin} is no origin of this story`);
    return found;
  }

  arrived(): number {
    return Object.values(this.servers).reduce((sum, { requests }) => sum + requests.length, 0);
  }

  #options(place: Place, protect: NonNullable<Story['proxy']>): ChallengeServerOptions {
    const known = { protect, users: this.users[place], tokens: [`right-${place}`] };
    if (place === 'proxy') return known;
    return {
      ...known,
      onRequest: (_, response) => this.#onTheWay(place, response),
      onAuthenticated: (_, response) => this.#inside(place, response),
    };
  }

  /** Before anybody looks at the authorization. */
  async #onTheWay(place: Place, response: ServerResponse): Promise<boolean> {
    const { mishaps } = this.story;
    const mishap = mishaps[this.#count % mishaps.length] as Mishap;
    this.#count += 1;
    this.#mishaps.set(response, mishap);
    await this.sleep(mishap.delays[0]);
    if (mishap.kind === 'lost') response.socket?.destroy();
    // A page without a look at the authorization would be a proof of it.
    else if (mishap.kind === 'before') response.writeHead(mishap.status === 200 ? 503 : mishap.status).end();
    else if (mishap.kind === 'moved') this.#redirect(place, mishap, response);
    else return false;
    return true;
  }

  /** To who is let in. */
  async #inside(place: Place, response: ServerResponse): Promise<void> {
    const mishap = this.#mishaps.get(response) as Mishap;
    await this.sleep(mishap.delays[1]);
    if (mishap.kind === 'sent') return this.#redirect(place, mishap, response);
    if (mishap.kind === 'cut') return void response.socket?.destroy();
    response.writeHead(mishap.kind === 'behind' ? mishap.status : 200).end('a page');
  }

  #redirect(place: Place, { location, status }: Mishap, response: ServerResponse): void {
    const isElsewhere = location === 'a' || location === 'b';
    const to = isElsewhere ? `${this.originOf(location)}/here/moved` : `${this.originOf(place)}/${location}/moved`;
    response.writeHead(status === 200 ? 307 : 303, { Location: to }).end();
  }
}

function right(place: Place): Readonly<Record<string, string>> {
  return { [`me@${place}`]: `right@${place}` };
}

/** Sends plain requests on, and breaks off where the origin does. */
const PROXY: ChallengeServerOptions = {
  status: 407,
  onAuthenticated: ({ method, url, headers, body }, response) => {
    const { 'proxy-authorization': _, ...rest } = headers;
    const breakOff = () => void response.socket?.destroy();
    const onward = http.request(url, { method, headers: rest, agent: false }, (answer) => {
      passOnHead(answer, response);
      answer.on('error', breakOff).pipe(response);
    });
    onward.on('error', breakOff).end(body);
  },
};
