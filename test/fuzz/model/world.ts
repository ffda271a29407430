/** The servers of a story: the strict server's own judges, without a network. Writes down all that arrives. */

import { type Tribunal, tribunal } from '../../../src/testing/authenticator.js';
import type { Draft } from '../../../src/testing/received-request.js';
import { Violation } from '../../../src/testing/violation.js';
import type { Scene } from './people.js';
import type { Mishap, Place, Story } from './story.js';
import type { VirtualTime } from './time.js';

export const ORIGINS: Readonly<Record<Place, string>> = {
  a: 'http://127.0.0.1:1001',
  b: 'http://127.0.0.1:1002',
  proxy: 'http://127.0.0.1:1003',
};

/** Whose origin it is. */
export function placeOf(origin: string): Place {
  const found = (Object.keys(ORIGINS) as Place[]).find((place) => ORIGINS[place] === origin);
  if (!found) throw new Error(`${origin} is no origin of this story`);
  return found;
}

/** What a client loses a request with. */
export class WireError extends Error {}

/** One request as it leaves. */
export interface Request {
  readonly call: number;
  readonly url: string;
  readonly method: string;
  readonly body: string;
  readonly authorization: string | undefined;
  readonly proxyAuthorization: string | undefined;
}

/** One request as a server saw it. */
export interface Arrival extends Request {
  readonly place: Place;
  readonly time: number;
  /** Who claims to send it, in which scheme, with which nonce and nc. */
  readonly received: Draft;
  /** What the judge thought of it; `unread`: it was answered before anybody looked. */
  readonly verdict: 'open' | 'accepted' | 'challenged' | 'unread' | 'violation';
  /** The server's own words, when it challenged. */
  readonly reason?: string;
  status: number;
}

/** A response. */
export interface Answer {
  readonly status: number;
  readonly challenges?: readonly string[];
  readonly info?: string;
  readonly proxyChallenges?: readonly string[];
  readonly proxyInfo?: string;
  readonly location?: string;
}

export const PAGE = Buffer.from('a page');

export class World implements Scene {
  readonly arrivals: Arrival[] = [];
  readonly users: Readonly<Record<Place, Record<string, string>>>;
  readonly #courts: ReadonlyMap<Place, Tribunal>;
  #requests = 0;

  constructor(
    private readonly story: Story,
    private readonly time: VirtualTime,
  ) {
    const { servers, proxy, change } = story;
    const users = (place: Place) => ({ [`me@${place}`]: `right@${place}` });
    this.users = { a: users('a'), b: users('b'), proxy: users('proxy') };
    const court = (place: Place, protect: Story['proxy']): Array<[Place, Tribunal]> =>
      protect ? [[place, tribunal(protect, { users: this.users[place], tokens: [`right-${place}`] })]] : [];
    this.#courts = new Map([...court('a', servers.a), ...court('b', servers.b), ...court('proxy', proxy)]);
    if (change !== undefined) {
      time.after(change, () => {
        this.users.a['me@a'] = 'changed@a';
      });
    }
  }

  placeOf = placeOf;

  sleep(milliseconds: number): Promise<void> {
    return this.time.sleep(milliseconds);
  }

  arrived(): number {
    return this.arrivals.length;
  }

  /** The way there and back, and what happens to the request on it. */
  async deliver(request: Request): Promise<Answer> {
    const { mishaps } = this.story;
    const mishap = mishaps[this.#requests % mishaps.length] as Mishap;
    this.#requests += 1;
    await this.time.sleep(mishap.delays[0]);
    if (mishap.kind === 'lost') throw new WireError('reset');
    const answer = this.#throughProxy(request, mishap);
    await this.time.sleep(mishap.delays[1]);
    if (mishap.kind === 'cut') throw new WireError('reset');
    return answer;
  }

  #throughProxy(request: Request, mishap: Mishap): Answer {
    if (!this.#courts.has('proxy')) return this.#atOrigin(request, mishap);
    const { arrival, info, challenges } = this.#judge('proxy', request, request.url, request.proxyAuthorization);
    if (arrival.verdict === 'violation') return this.#end(arrival, { status: 400 });
    if (challenges) return this.#end(arrival, { status: 407, proxyChallenges: challenges });
    const answer = this.#atOrigin({ ...request, proxyAuthorization: undefined }, mishap);
    return this.#end(arrival, { ...answer, ...(info !== undefined && { proxyInfo: info }) });
  }

  #atOrigin(request: Request, mishap: Mishap): Answer {
    const { origin, pathname } = new URL(request.url);
    const place = placeOf(origin);
    const moved = { status: mishap.status === 200 ? 307 : 303, location: locationOf(mishap, origin) };
    // A page without a look at the authorization would be a proof of it.
    const status = mishap.status === 200 ? 503 : mishap.status;
    if (mishap.kind === 'before') return this.#end(this.#unread(place, request), { status });
    if (mishap.kind === 'moved') return this.#end(this.#unread(place, request), moved);
    const { arrival, info, challenges } = this.#judge(place, request, pathname, request.authorization);
    if (arrival.verdict === 'violation') return this.#end(arrival, { status: 400 });
    if (challenges) return this.#end(arrival, { status: 401, challenges });
    const said = info === undefined ? {} : { info };
    if (mishap.kind === 'sent') return this.#end(arrival, { ...moved, ...said });
    // A token that is right, and grants too little.
    const isTooLittle = mishap.kind === 'behind' && mishap.status === 403 && arrival.received.scheme === 'bearer';
    const more = isTooLittle ? { challenges: [INSUFFICIENT] } : {};
    return this.#end(arrival, { status: mishap.kind === 'behind' ? mishap.status : 200, ...said, ...more });
  }

  #judge(place: Place, request: Request, url: string, authorization: string | undefined) {
    const field = place === 'proxy' ? 'proxy-authorization' : 'authorization';
    const received = draft(request, url, authorization === undefined ? [] : [field, authorization]);
    const enter = (verdict: Arrival['verdict'], reason?: string) =>
      this.#enter(place, request, received, verdict, reason);
    try {
      const outcome = (this.#courts.get(place) as Tribunal)(received, field);
      if (outcome.kind === 'open') return { arrival: enter('open') };
      if (outcome.kind === 'accepted') {
        const info = outcome.acceptance.authenticationInfo?.(request.method === 'HEAD' ? Buffer.alloc(0) : PAGE);
        return { arrival: enter('accepted'), info };
      }
      if (outcome.refusal.stale) received.stale = true;
      return { arrival: enter('challenged', outcome.refusal.reason), challenges: outcome.challenges };
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      return { arrival: enter('violation', error.message) };
    }
  }

  #unread(place: Place, request: Request): Arrival {
    return this.#enter(place, request, draft(request, request.url, []), 'unread');
  }

  #enter(place: Place, request: Request, received: Draft, verdict: Arrival['verdict'], reason?: string): Arrival {
    const time = this.time.now();
    const arrival = { ...request, place, time, received, verdict, status: 0, ...(reason !== undefined && { reason }) };
    this.arrivals.push(arrival);
    return arrival;
  }

  #end(arrival: Arrival, answer: Answer): Answer {
    arrival.status = answer.status;
    return answer;
  }
}

const INSUFFICIENT = 'Bearer realm="test", error="insufficient_scope", scope="more"';

function locationOf({ location }: Mishap, origin: string): string {
  if (location === 'a' || location === 'b') return `${ORIGINS[location]}/here/moved`;
  return `${origin}/${location}/moved`;
}

function draft({ method, body }: Request, url: string, rawHeaders: readonly string[]): Draft {
  return { method, url, rawHeaders, headers: {}, body: Buffer.from(body), status: 0, remotePort: 0 };
}
