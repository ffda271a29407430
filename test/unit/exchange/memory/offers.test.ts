/** How strong the challenges were that a password was asked for with, by realm, by path and by account (SEC-39). */

import { Offers } from '../../../../src/exchange/memory/offers.js';

const BASIC = { label: 'Basic', strength: 10 };
const MD5 = { label: 'Digest MD5', strength: 40 };
const SHA256 = { label: 'Digest SHA-256', strength: 60 };

const at = (realm: string, pathname = '/', origin = 'https://files.example') => ({ origin, realm, pathname });

test.each([
  ['the same realm elsewhere', at('files', '/other'), 'Digest SHA-256'],
  ['another realm on the same path', at('other', '/docs'), 'Digest SHA-256'],
  ['another realm on another path', at('other', '/other'), 'Basic'],
  ['the same realm of another origin', at('files', '/docs', 'https://other.example'), 'Basic'],
])('after Digest SHA-256, Basic from %s has to bear comparison with %s', (_, place, strongest) => {
  const offers = new Offers();
  expect(offers.offered(at('files', '/docs'), SHA256)).toEqual(SHA256);
  expect(offers.offered(place, BASIC).label).toBe(strongest);
});

test('a stronger challenge takes the place of a weaker, and never the other way', () => {
  const offers = new Offers();
  const strongest = [MD5, BASIC, SHA256, MD5].map((offer) => offers.offered(at('files'), offer).label);
  expect(strongest).toEqual(['Digest MD5', 'Digest MD5', 'Digest SHA-256', 'Digest SHA-256']);
});

test('an account is known by the strongest challenge that it has answered at an origin', () => {
  const offers = new Offers();
  const use = offers.use('https://files.example', 'alice');
  offers.answered(at('files'), MD5, use);
  offers.answered(at('other'), BASIC, use);
  expect(offers.strongestOf('https://files.example', 'alice')).toEqual(MD5);
  expect(offers.strongestOf('https://files.example', 'bob')).toBeUndefined();
  expect(offers.strongestOf('https://other.example', 'alice')).toBeUndefined();
});

test('a name in another normal form is the same account (RFC 7613 §3.3)', () => {
  const offers = new Offers();
  offers.answered(at('files'), MD5, offers.use('https://files.example', 'Zo\u00eb'));
  expect(offers.strongestOf('https://files.example', 'Zoe\u0308')).toEqual(MD5);
});

test('what was answered is not pushed out by what was only offered', () => {
  const offers = new Offers();
  offers.offered(at('files', '/docs'), MD5);
  offers.offered(at('bare', '/bare'), MD5);
  offers.answered(at('files', '/docs'), MD5, offers.use('https://files.example', 'alice'));
  for (let index = 0; index < 64; index += 1) offers.offered(at(`r${index}`, `/${index}`), BASIC);
  expect(offers.offered(at('bare', '/bare'), BASIC)).toEqual(BASIC);
  expect(offers.offered(at('files', '/docs'), BASIC)).toEqual(MD5);
});

test('of very many origins, the ones that asked longest ago are forgotten', () => {
  const offers = new Offers();
  for (let index = 0; index <= 1000; index += 1) offers.offered(at('r', '/', `https://${index}.example`), MD5);
  expect(offers.offered(at('r', '/', 'https://1.example'), BASIC)).toEqual(MD5);
  expect(offers.offered(at('r', '/', 'https://0.example'), BASIC)).toEqual(BASIC);
});

test('realms that begin alike for 200 characters are one', () => {
  const offers = new Offers();
  const long = 'r'.repeat(200);
  offers.offered(at(`${long}a`, '/a'), SHA256);
  expect(offers.offered(at(`${long}b`, '/b'), BASIC)).toEqual(SHA256);
  expect(offers.offered(at(long.slice(1), '/c'), BASIC)).toEqual(BASIC);
});
