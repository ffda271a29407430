/** A veiled property is read by name, and shown nowhere. */

import { inspect } from 'node:util';
import { veil } from '../../../../src/axios/redact/veil.js';

const SECRET = 's3cret';
const veiled = () => veil({ username: 'alice' }, { password: SECRET });

test('code reads it by name', () => {
  const { username, password } = veiled();
  expect([username, password]).toEqual(['alice', SECRET]);
  expect('password' in veiled()).toBe(true);
});

test('axios, which reads own properties only, finds it', () => {
  expect(Object.hasOwn(veiled(), 'password')).toBe(true);
  expect(Object.prototype.propertyIsEnumerable.call(veiled(), 'password')).toBe(false);
});

test.each<[string, (held: object) => unknown]>([
  ['JSON', (held) => JSON.stringify(held)],
  ['inspect', (held) => inspect(held)],
  ['inspect with hidden properties and getters', (held) => inspect(held, { showHidden: true, getters: true })],
  ['inspect of the proxy', (held) => inspect(held, { showProxy: true })],
  ['a copy', (held) => JSON.stringify({ ...held })],
  ['its entries', (held) => JSON.stringify(Object.entries(held))],
  ['its descriptors', (held) => inspect(Object.getOwnPropertyDescriptors(held))],
  ['its descriptor by name', (held) => inspect(Object.getOwnPropertyDescriptor(held, 'password'))],
])('%s does not show it', (_, shown) => {
  expect(shown(veiled())).not.toContain(SECRET);
  expect(shown({ username: 'alice', password: SECRET, secret: SECRET })).not.toBeUndefined();
});
