import fc from 'fast-check';
import { parseNetrc } from '../../../../src/providers/netrc/file.js';

const a = { machine: 'h', login: 'a', password: 'p' };
const b = { machine: 'i', login: 'b', password: 'q' };

function entries(text: string) {
  return parseNetrc(text, '~/.netrc').map(({ line, ...entry }) => entry);
}

test.each([
  ['nothing', '', []],
  ['an empty line', '\n', []],
  ['one line', 'machine h login a password p', [a]],
  ['one line with its end', 'machine h login a password p\n', [a]],
  ['many lines', 'machine h\nlogin a\npassword p\n', [a]],
  ['a line for each word', 'machine\nh\nlogin\na\npassword\np\n', [a]],
  ['CRLF', 'machine h\r\nlogin a\r\npassword p\r\n', [a]],
  ['tabs and spaces', '\tmachine \t h\n    login  a\n\tpassword\tp', [a]],
  ['the password first', 'machine h password p login a', [a]],
  ['an account', 'machine h login a account x password p', [a]],
  ['keywords in capitals', 'Machine h LOGIN a Password p', [a]],
  ['two machines in a line', 'machine h login a password p machine i login b password q', [a, b]],
  ['two machines', 'machine h login a password p\n\n\nmachine i login b password q', [a, b]],
  ['one machine twice', 'machine h login a password p\nmachine h login b', [a, { machine: 'h', login: 'b' }]],
  ['a machine alone', 'machine h', [{ machine: 'h' }]],
  ['the default entry', 'machine h login a password p\ndefault login b', [a, { login: 'b' }]],
  ['a comment line', '# machine i login b password q\nmachine h login a password p', [a]],
  ['a comment at the end', 'machine h login a password p # login z', [a]],
  ['a comment without a space', 'machine h #login z\nlogin a #z\npassword p#', [{ ...a, password: 'p#' }]],
  ['a comment at the end of the file', 'machine h login a password p\n#', [a]],
  ['comments in a row', '#\n#\n  # x\nmachine h login a password p', [a]],
  ['a comment with a quote', 'machine h login a password p # isn"t', [a]],
  ['a password with #', 'machine h login a password p#q', [{ ...a, password: 'p#q' }]],
  ['a password that begins with #', 'machine h login a password #p', [{ ...a, password: '#p' }]],
  ['a login that begins with #', 'machine h login #a password p', [{ ...a, login: '#a' }]],
  ['a password that is a keyword', 'machine h login a password machine', [{ ...a, password: 'machine' }]],
  ['a password with a quote inside', 'machine h login a password p"q"', [{ ...a, password: 'p"q"' }]],
  ['a password with a backslash', 'machine h login a password p\\q\\', [{ ...a, password: 'p\\q\\' }]],
  ['a password in quotes', 'machine h login a password "p q #r"', [{ ...a, password: 'p q #r' }]],
  ['an empty password', 'machine h login a password ""', [{ ...a, password: '' }]],
  ['a machine and a login in quotes', 'machine "h" login "a b" password p', [{ ...a, login: 'a b' }]],
  ['escapes', 'machine h login a password "\\"\\\\\\n\\r\\t\\x"', [{ ...a, password: '"\\\n\r\tx' }]],
  ['a keyword in quotes on the next line', 'machine h login a password\n"login"', [{ ...a, password: 'login' }]],
  ['a macro', 'macdef init\nmachine i login b password q\n\nmachine h login a password p', [a]],
  ['a macro with CRLF', 'macdef init\r\nmachine i\r\n\r\nmachine h login a password p', [a]],
  ['a macro with lines of spaces', 'macdef init\n \nmachine i\n\t\n\nmachine h login a password p', [a]],
  ['a macro without commands', 'macdef init\n\nmachine h login a password p', [a]],
  ['a macro of a machine', 'machine h login a password p macdef i\nmachine i\n\nmachine i login b password q', [a, b]],
  ['a macro to the end', 'machine h login a password p\nmacdef init\nmachine i login b', [a]],
  ['a macro with quotes', 'macdef init\n"isn\n\nmachine h login a password p', [a]],
  ['words with other letters', 'machine h login Zoë password ключ', [{ ...a, login: 'Zoë', password: 'ключ' }]],
])('netrc reads %s', (_, text, expected) => {
  expect(entries(text)).toStrictEqual(expected);
});

test('each entry knows its line', () => {
  const text = '# x\nmachine h\nlogin a password p\nmacdef m\ny\n\nmachine i machine j\r\n\r\ndefault';
  expect(parseNetrc(text, '').map(({ line }) => line)).toEqual([2, 7, 7, 9]);
});

test.each([
  ['a machine without a name', '\n\nmachine', 3, '"machine" without a name'],
  ['a machine without a name before the next line', 'machine\nlogin alice', 1, '"machine" without a name'],
  ['a login without a value', 'machine h\nlogin\n', 2, '"login" without a value'],
  ['a password without a value', 'machine h login a\npassword\nmachine i', 2, '"password" without a value'],
  ['a macro without a name', 'macdef\n\nmachine h', 1, '"macdef" without a name'],
  ['an account without a value', 'machine h account', 1, '"account" without a value'],
  ['a login of no machine', 'login secret', 1, '"login" before any "machine"'],
  ['a second login', 'machine h\nlogin a password secret\nlogin b', 3, 'a second "login" for one machine'],
  ['a second password', 'machine h password ""\npassword secret', 2, 'a second "password" for one machine'],
  ['a word that is not a keyword', 'machine h\nlogin a password my secret', 2, 'a word that is not a keyword'],
  ['a keyword in quotes', '"machine" secret', 1, 'a word that is not a keyword'],
  ['a quote that is not closed', 'machine h\r\nlogin a password "secret\n"', 2, 'a double quote that is not closed'],
  ['a quote with a closing one escaped', 'machine h password "secret\\"', 1, 'a double quote that is not closed'],
  ['a backslash at the end of the line', 'machine h password "secret\\\n"', 1, 'a double quote that is not closed'],
  ['a backslash at the end', 'machine h password "secret\\', 1, 'a double quote that is not closed'],
  ['text behind a quote', 'machine h password "my"secret', 1, 'text after a closing double quote'],
  ['what is left of a macro', 'macdef m\nx\n\nsecret', 4, 'a word that is not a keyword'],
])('netrc names the line of %s, and repeats no text of it', (_, text, line, what) => {
  const read = () => parseNetrc(text, '~/.netrc');
  expect(read).toThrow(expect.objectContaining({ code: 'ERR_AUTH_PROVIDER' }));
  expect(read).toThrow(new RegExp(`^netrc: line ${line}: ${what}.* \\(~/\\.netrc\\)$`));
  expect(read).not.toThrow(/secret/);
});

const inQuotes = (value: string) => `"${value.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;

test('a value that is written in quotes is read back', () => {
  const value = fc.string({ unit: fc.constantFrom('a', ' ', '#', '"', '\\', '\n', '\t', '\r', 'é', '😀', 'n') });
  fc.assert(
    fc.property(value, value, (login, password) => {
      const text = `machine h login ${inQuotes(login)} password ${inQuotes(password)} # x\nmachine i`;
      expect(entries(text)).toStrictEqual([{ machine: 'h', login, password }, { machine: 'i' }]);
    }),
  );
});

test('any text gives entries or an AuthError', () => {
  const word = fc.constantFrom('machine', 'default', 'login', 'password', 'macdef', '#', '"', '\\', '\n', '\r\n', 'x');
  fc.assert(
    fc.property(fc.array(fc.tuple(word, fc.constantFrom(' ', '', '\n'))), (words) => {
      try {
        parseNetrc(words.flat().join(''), 'f');
      } catch (error) {
        expect(error).toMatchObject({ code: 'ERR_AUTH_PROVIDER' });
      }
    }),
    { numRuns: 1000 },
  );
});

/** How often a character is looked at, however the reading ends. */
function looks(text: string): number {
  const original = String.prototype.charCodeAt;
  let count = 0;
  String.prototype.charCodeAt = function (this: string, index: number) {
    count += 1;
    return original.call(this, index);
  };
  try {
    parseNetrc(text, '');
  } catch {
    // Malformed is as good: it has to be found out in time.
  } finally {
    String.prototype.charCodeAt = original;
  }
  return count;
}

test.each([
  ['spaces', '', ' '],
  ['line feeds', '', '\n'],
  ['comments', '', '#\n'],
  ['one comment', '', '#'],
  ['machines', '', 'machine h '],
  ['one name', 'machine ', 'h'],
  ['one quoted name', 'machine "', 'h'],
  ['escapes', 'machine "', '\\"'],
  ['quoted names', '', 'machine "h"\n'],
  ['macros', '', 'macdef m\n\n'],
  ['one macro', 'macdef m\n', 'x\n'],
  ['one line of a macro', 'macdef m\n', 'x'],
])('four times the %s takes four times the looks', (_, head, unit) => {
  const [small, large] = [4096, 16_384].map((count) => looks(head + unit.repeat(count))) as [number, number];
  expect(small).toBeGreaterThan(4096);
  expect(large).toBeLessThanOrEqual(4.01 * small + 64);
  expect(large).toBeLessThanOrEqual(8 * unit.length * 16_384);
});
