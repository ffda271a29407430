/** What a random story is made of: servers and their habits, what goes wrong on the way, who asks for what, and who has which credential. */

import fc from 'fast-check';
import type { DigestProtection, Protection } from '../../../src/testing/challenge-server.js';

/** The servers of a story; the proxy, where there is one, stands in front of both. */
export type Place = 'a' | 'b' | 'proxy';

/** What becomes of a request on its way, whoever made it. */
export interface Mishap {
  /**
   * - `lost`, `cut`: the connection is reset before the server has seen the request, or before its response is back.
   * - `before`, `behind`: the server answers with `status` before it looks at the authorization, or to who is let in.
   * - `moved`: it redirects there, before it looks at the authorization; `sent`: who is let in.
   */
  readonly kind: 'none' | 'lost' | 'cut' | 'before' | 'behind' | 'moved' | 'sent';
  readonly status: number;
  readonly location: 'here' | 'there' | 'a' | 'b';
  /** Milliseconds on the way there, and on the way back. */
  readonly delays: readonly [number, number];
}

/** Whom a provider is for, and what it does when asked. */
export interface Holder {
  readonly gives: 'right' | 'wrong' | 'wrong, then right' | 'nothing' | 'a name' | 'trouble';
  readonly interactive: boolean;
  readonly delay: number;
  /** How it hears the verdict. */
  readonly hears: 'well' | 'slowly' | 'badly';
}

/** One call of the client. */
export interface Call {
  readonly start: number;
  readonly place: 'a' | 'b';
  readonly path: string;
  readonly method: 'GET' | 'POST' | 'HEAD';
  /** `slow` and `broken` take their time to be made ready for another send, and fail to. */
  readonly body: 'none' | 'bytes' | 'stream' | 'slow' | 'broken';
  /** Milliseconds from its start. */
  readonly abort: number | undefined;
  /** How long it waits for one send; 0: as long as it takes. */
  readonly timeout: number;
}

/** A whole story. */
export interface Story {
  readonly servers: Readonly<Record<'a' | 'b', readonly Protection[]>>;
  readonly proxy: readonly Protection[] | undefined;
  /** Whether the caller has named the proxy; otherwise its first 407 tells of it. */
  readonly proxyKnown: boolean;
  readonly mishaps: readonly Mishap[];
  readonly providers: readonly Holder[];
  readonly calls: readonly Call[];
  readonly maxCredentials: number;
  readonly preemptive: boolean;
  readonly mutual: 'verify' | 'require' | 'off';
  /** Whether `trustOrigins` holds both servers. */
  readonly trusting: boolean;
  /** When the password of `a` is changed. */
  readonly change: number | undefined;
}

const maybe = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const rarely = <T, U>(usual: T, odd: U) =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constant(odd) });

/** Digest as servers speak it, the strict and the sloppy. */
export const digestProtection: fc.Arbitrary<Protection> = fc.record({
  scheme: fc.constant('digest' as const),
  algorithm: fc.constantFrom(undefined, 'SHA-256' as const, 'SHA-256-sess' as const, 'MD5-sess' as const),
  qop: fc.constantFrom('auth', 'auth', 'auth,auth-int', 'auth-int'),
  nonceUses: fc.constantFrom(Infinity, Infinity, 1, 2, 3, 5, 20),
  sharedNonce: fc.boolean(),
  nextnonce: fc.constantFrom<Array<'always' | number | undefined>>(undefined, undefined, 'always', 2),
  rspauth: fc.constantFrom(true, true, true, false),
  ncOrder: fc.constantFrom('any' as const, 'any' as const, 'strict' as const),
  staleOnBadNc: fc.boolean(),
  staleFlag: rarely(true, false),
  userhash: rarely(false, true),
  domain: rarely(undefined, '/here /there'),
  sessKey: fc.constantFrom('first' as const, 'each' as const),
}) as fc.Arbitrary<Protection>;

/** Whatever a server may ask for, impossible things included. */
export const protection: fc.Arbitrary<Protection> = fc.oneof(
  { weight: 8, arbitrary: digestProtection },
  {
    weight: 1,
    arbitrary: digestProtection.map((one) => ({ ...one, rspauth: 'wrong' as const }) as Protection),
  },
  { weight: 1, arbitrary: digestProtection.map((one) => ({ ...one, alwaysStale: true }) as Protection) },
  { weight: 1, arbitrary: fc.constant<Protection>({ scheme: 'digest', qop: null }) },
  { weight: 2, arbitrary: fc.constantFrom<Protection>({ scheme: 'basic' }, { scheme: 'basic', realm: 'other' }) },
  { weight: 1, arbitrary: fc.constant<Protection>({ scheme: 'bearer' }) },
  { weight: 1, arbitrary: fc.constantFrom<Protection>({ raw: 'Negotiate' }, { raw: 'Digest realm="x' }) },
);

/** Two challenges that only differ in qop would be one to those who judge the answers. */
const protections = fc.uniqueArray(protection, {
  minLength: 1,
  maxLength: 2,
  selector: (one) => ('scheme' in one ? `${one.scheme} ${'algorithm' in one && one.algorithm}` : 'raw'),
});

const delay = fc.constantFrom(0, 0, 1, 2, 5, 20);

/** Nothing but time. */
export const pause: fc.Arbitrary<Mishap> = fc.record({
  kind: fc.constant('none' as const),
  status: fc.constant(200),
  location: fc.constant('here' as const),
  delays: fc.tuple(delay, delay),
});

const mishap: fc.Arbitrary<Mishap> = fc.oneof(
  { weight: 6, arbitrary: pause },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom<Array<Mishap['kind']>>('lost', 'cut', 'before', 'behind', 'moved', 'sent'),
      status: fc.constantFrom(200, 401, 403, 404, 407, 408, 429, 500, 503),
      location: fc.constantFrom<Array<Mishap['location']>>('here', 'there', 'a', 'b'),
      delays: fc.tuple(fc.oneof(delay, fc.constant(8000)), delay),
    }),
  },
);

const holder: fc.Arbitrary<Holder> = fc.record({
  gives: fc.constantFrom<Array<Holder['gives']>>(
    'right',
    'right',
    'wrong',
    'wrong, then right',
    'nothing',
    'a name',
    'trouble',
  ),
  interactive: rarely(false, true),
  delay: fc.oneof(delay, fc.constant(300)),
  hears: fc.constantFrom('well', 'well', 'slowly', 'badly'),
});

const call: fc.Arbitrary<Call> = fc.record({
  start: fc.constantFrom(0, 0, 0, 1, 7, 60, 400, 400, 401, 900, 900),
  place: fc.constantFrom('a', 'a', 'a', 'b'),
  path: fc.constantFrom('/here/x', '/here/y', '/there/z', '/'),
  method: fc.constantFrom('GET', 'GET', 'POST', 'HEAD'),
  body: fc.constantFrom<Array<Call['body']>>('none', 'none', 'none', 'bytes', 'bytes', 'stream', 'slow', 'broken'),
  abort: maybe(fc.constantFrom(0, 1, 3, 10, 50, 900)),
  timeout: fc.constantFrom(0, 0, 0, 15, 4000),
});

/** Anything that may happen. */
export const story: fc.Arbitrary<Story> = fc.record({
  servers: fc.record({ a: protections, b: protection.map((one) => [one]) }),
  proxy: maybe(protections),
  proxyKnown: fc.boolean(),
  mishaps: fc.array(mishap, { minLength: 1, maxLength: 16 }),
  providers: fc.array(holder, { minLength: 1, maxLength: 3 }),
  calls: fc.array(call, { minLength: 1, maxLength: 16 }),
  maxCredentials: fc.integer({ min: 1, max: 4 }),
  preemptive: rarely(true, false),
  mutual: rarely('verify' as 'verify' | 'require' | 'off', 'require'),
  trusting: rarely(false, true),
  change: maybe(fc.constantFrom(5, 50, 300)),
});

/** A server that wants nc in order, and many who want in at once: what waits for one another is found here. */
export const orderlyStory: fc.Arbitrary<Story> = fc
  .record({ base: story, guard: digestProtection, crowd: fc.array(call, { minLength: 6, maxLength: 24 }) })
  .map(({ base, guard, crowd }) => ({
    ...base,
    servers: { ...base.servers, a: [{ ...guard, ncOrder: 'strict' } as Protection] },
    providers: [{ gives: 'right', interactive: false, delay: 1, hears: 'well' }],
    proxy: undefined,
    calls: crowd.map((one) => ({ ...one, place: 'a', timeout: 0 })),
  }));

/**
 * Digest whose nonces serve for a while, and whose -sess leaves no doubt: `nextnonce` would. Who gives all who come at
 * once one nonce, and wants its nc in order, contradicts itself.
 */
const fairProtection = digestProtection
  .map((one) => one as DigestProtection)
  .filter(({ nonceUses = Infinity }) => nonceUses >= 20)
  .filter(({ ncOrder, sharedNonce }) => ncOrder !== 'strict' || !sharedNonce)
  .map(
    (one): Protection =>
      one.algorithm?.endsWith('-sess') ? { ...one, sessKey: 'each', nextnonce: undefined as never } : one,
  );

/** Servers with every habit, but none that lies or fails, and callers who have the right credential somewhere. */
export const fairStory: fc.Arbitrary<Story> = fc
  .record({ base: story, guards: fc.tuple(fairProtection, fairProtection, fairProtection) })
  .map(({ base, guards: [a, b, proxy] }) => {
    const right: Holder = { gives: 'right', interactive: false, delay: 1, hears: 'well' };
    const providers = [...base.providers, right];
    return {
      ...base,
      servers: { a: [a], b: [b] },
      proxy: base.proxy && [proxy],
      mishaps: base.mishaps.map((one) => ({
        ...one,
        kind: 'none' as const,
        delays: one.delays.map((ms) => ms % 100) as [number, number],
      })),
      providers,
      calls: base.calls.map((one) => ({
        ...one,
        abort: undefined,
        timeout: 0,
        body: one.body === 'stream' || one.body === 'broken' ? 'slow' : one.body,
      })),
      maxCredentials: 2 * providers.length,
      change: undefined,
      mutual: 'verify',
    };
  });
