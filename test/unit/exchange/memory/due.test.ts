/** Where proof is due: by origin and path, bounded, and forgotten when that is asked for. */

import { DueProofs } from '../../../../src/exchange/memory/due.js';

const at = (origin: string, pathname: string) => ({ origin, pathname });

test('proof is due in the space and on the path that was answered, and nowhere else', () => {
  const due = new DueProofs();
  due.note(at('https://a.example', '/docs/one'), ['/api']);
  due.note(at('https://a.example', '/docs/one'), ['/api/v2']);
  expect(['/api/x', '/docs/one', '/docs', '/'].map((path) => due.has(at('https://a.example', path)))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(due.has(at('https://b.example', '/api/x'))).toBe(false);
});

test('for a server that names very many paths, proof is due in all of its origin', () => {
  const due = new DueProofs();
  due.note(at('https://a.example', '/'), [`/${'x'.repeat(5000)}`]);
  expect(due.has(at('https://a.example', '/anything'))).toBe(true);
});

test('the newest thousand origins are remembered', () => {
  const due = new DueProofs();
  for (let i = 0; i <= 1000; i += 1) due.note(at(`https://${i}.example`, '/'), ['/']);
  expect(due.has(at('https://0.example', '/'))).toBe(false);
  expect(due.has(at('https://1000.example', '/'))).toBe(true);
  due.forget('https://1000.example');
  expect(due.has(at('https://1000.example', '/'))).toBe(false);
  due.forget();
  expect(due.has(at('https://999.example', '/'))).toBe(false);
});
