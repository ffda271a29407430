/** The authorization of each hop of a redirect. */

import type { RedirectOptions } from '../../../../src/axios/address/target.js';
import { Hops } from '../../../../src/axios/send/redirects.js';
import type { Authorizations, Hop, Sending } from '../../../../src/exchange/port/transport.js';
import type { Authorization } from '../../../../src/model.js';
import { configOf } from '../../../support/axios-config.js';

const origin = 'https://files.example';
const target = { origin, url: `${origin}/a`, pathname: '/a', method: 'GET', uri: '/a' };
const value = (text: string): Authorization => ({ value: text });

/** A send that authorizes hops to its own origin, and counts them. */
function sendingOf(proxy?: Authorization) {
  const asked: Hop[] = [];
  const authorizeHop = (hop: Hop): Authorizations => {
    asked.push(hop);
    const isOwn = hop.target?.origin === origin;
    return { origin: isOwn ? value(`hop ${asked.length}`) : undefined, proxy: hop.proxyTarget && value('proxy') };
  };
  const sending: Sending = { target, authorizations: { origin: value('first'), proxy }, authorizeHop };
  return { sending, asked };
}

function hopsOf(sending: Sending | undefined, hasOwnHost = false) {
  const context = { config: configOf(), place: () => ({ origin }), throughProxy: () => target, hasOwnHost };
  return new Hops(context, sending);
}

/** Follows a redirect, and returns the fields of the hop. */
function follow(hops: Hops, href: string, headers: Record<string, unknown>) {
  hops.follow({ href, path: new URL(href).pathname, method: 'GET', headers } as RedirectOptions);
  return headers;
}

test('each hop within the origin has an authorization of its own', () => {
  const { sending } = sendingOf();
  const hops = hopsOf(sending);
  expect(follow(hops, `${origin}/b`, { authorization: 'first' })).toEqual({ Authorization: 'hop 1' });
  expect(follow(hops, `${origin}/c`, { Authorization: 'hop 1' })).toEqual({ Authorization: 'hop 2' });
  expect([hops.redirects, hops.visited]).toEqual([2, []]);
});

test('an authorization that was stripped is never restored (SEC-03)', () => {
  const { sending, asked } = sendingOf();
  const hops = hopsOf(sending);
  expect(follow(hops, 'https://other.example/', { Authorization: 'first', AUTHORIZATION: 'x' })).toEqual({});
  expect(follow(hops, `${origin}/b`, {})).toEqual({});
  expect(asked).toHaveLength(1);
  expect(hops.visited).toEqual(['https://other.example']);
  expect(hops.authorizations).toEqual({ origin: undefined, proxy: undefined });
});

test('a hop without a valid URL is an unknown place', () => {
  const hops = hopsOf(sendingOf().sending);
  const headers = { Authorization: 'first' };
  hops.follow({ headers });
  expect(headers).toEqual({});
  expect(hops.visited).toEqual(['an unknown place']);
});

test('a hop without the Host that the caller set is another place (SEC-46)', () => {
  const hops = hopsOf(undefined, true);
  follow(hops, `${origin}/b`, {});
  expect(hops.visited).toEqual([`${origin} without the Host that the caller set`]);
});

test('a send without an authorization changes no field', () => {
  const headers = { authorization: "the caller's" };
  expect(follow(hopsOf(undefined), `${origin}/b`, headers)).toEqual({ authorization: "the caller's" });
});

test('the authorization for a proxy is replaced apart from that for the origin', () => {
  const hops = hopsOf(sendingOf(value('old')).sending);
  const headers = follow(hops, 'https://other.example/', { Authorization: 'first', 'proxy-authorization': 'old' });
  expect(headers).toEqual({ 'Proxy-Authorization': 'proxy' });
});

test('if a send has several dispatches, the answered dispatch counts', () => {
  const hops = hopsOf(sendingOf().sending);
  expect([hops.renewAuthorization(), hops.renewAuthorization()]).toEqual(['hop 1', 'hop 2']);
  expect(hops.isRepeated).toBe(true);
  hops.end({ getHeader: () => 'hop 1' });
  expect(hops.authorizations.origin?.value).toBe('hop 1');
  expect(hops.renewAuthorization()).toBeUndefined();
});

test('the hook of the caller is called after ours, with the same arguments', () => {
  const seen: unknown[] = [];
  const config = { ...configOf(), beforeRedirect: (...all: unknown[]) => void seen.push(...all) };
  const context = { config, place: () => ({ origin }), throughProxy: () => undefined, hasOwnHost: false };
  const hops = new Hops(context, sendingOf().sending);
  const options = { href: `${origin}/b`, path: '/b', method: 'GET', headers: { Authorization: 'first' } };
  const details = { headers: {}, statusCode: 302 } as never;
  hops.beforeRedirect(options, details, { headers: {}, url: '', method: 'GET' });
  expect(seen.slice(0, 2)).toEqual([options, details]);
  expect(options.headers).toEqual({ Authorization: 'hop 1' });
});
