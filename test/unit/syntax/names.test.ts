import fc from 'fast-check';
import { lowerCase } from '../../../src/syntax/names.js';

test.each(['Digest', 'NTLM', 'error_description', 'x', 'K', '\u212a'])('%s', (name) => {
  for (const spelling of [name, name.toUpperCase(), name.toLowerCase()])
    expect(lowerCase(spelling)).toBe(spelling.toLowerCase());
});

test('a name that shares the slot of another name is itself', () => {
  expect(['stale', 'scope', 'scene'].map(lowerCase)).toEqual(['stale', 'scope', 'scene']);
});

test('any name is as toLowerCase writes it', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 1 }), (name) => lowerCase(name) === name.toLowerCase()));
});
