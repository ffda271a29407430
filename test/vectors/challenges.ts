/** Field values, and the challenges they hold. Written by hand from RFC 9110 §11 and DESIGN section 7, never generated. */

/** An auth-scheme with its params, or with its token68. */
export type Expected = readonly [scheme: string, rest: Readonly<Record<string, string>> | string];

export type ChallengeVector = readonly [what: string, input: string | readonly string[], expected: readonly Expected[]];

/** What the grammar allows. */
export const legal: readonly ChallengeVector[] = [
  ['an empty value', '', []],
  ['white space and commas alone', ' ,\t, ,', []],
  ['an auth-scheme alone', 'Basic', [['basic', {}]]],
  ['an auth-scheme with trailing white space', 'Basic \t', [['basic', {}]]],
  ['an auth-scheme of every tchar', "a!#$%&'*+-.^_`|~09Z", [["a!#$%&'*+-.^_`|~09z", {}]]],
  ['names in any case', 'bAsIc ReAlM="Files"', [['basic', { realm: 'Files' }]]],
  ['a token as value', 'Basic realm=files', [['basic', { realm: 'files' }]]],
  ['several spaces after the scheme', 'Basic   realm="a"', [['basic', { realm: 'a' }]]],
  ['BWS around "="', 'Basic realm \t=\t "a", charset = UTF-8', [['basic', { realm: 'a', charset: 'UTF-8' }]]],
  ['OWS around commas', 'Basic realm="a"\t ,\t charset=x', [['basic', { realm: 'a', charset: 'x' }]]],
  [
    'no OWS at all',
    'Basic realm="a",charset=x,Foo b=c',
    [
      ['basic', { realm: 'a', charset: 'x' }],
      ['foo', { b: 'c' }],
    ],
  ],
  [
    'empty elements before, between and after',
    ', ,Basic realm="a", , ,charset=x,,Foo,,',
    [
      ['basic', { realm: 'a', charset: 'x' }],
      ['foo', {}],
    ],
  ],
  ['an empty element right after the scheme', 'Basic ,realm="a"', [['basic', { realm: 'a' }]]],
  ['an empty quoted-string', 'Basic realm=""', [['basic', { realm: '' }]]],
  ['a comma in a quoted-string', 'Basic realm="a, Digest realm=b"', [['basic', { realm: 'a, Digest realm=b' }]]],
  ['an equals sign in a quoted-string', 'Basic realm="a=b"', [['basic', { realm: 'a=b' }]]],
  ['HTAB in a quoted-string', 'Basic realm="a\tb"', [['basic', { realm: 'a\tb' }]]],
  ['quoted-pairs of a quote and a backslash', 'Basic realm="\\"\\\\"', [['basic', { realm: '"\\' }]]],
  ['a quoted-pair of a plain character', 'Basic realm="\\a\\ \\,"', [['basic', { realm: 'a ,' }]]],
  ['a quoted-pair of obs-text', 'Basic realm="\\\u00e9"', [['basic', { realm: '\u00e9' }]]],
  [
    'obs-text, every byte as it came',
    'Basic realm="\u0080\u00c3\u00bc\u00ff"',
    [['basic', { realm: '\u0080\u00c3\u00bc\u00ff' }]],
  ],
  ['a token68', 'Negotiate YII=', [['negotiate', 'YII=']]],
  ['a token68 of every character', 'N az-._~+/09AZ====', [['n', 'az-._~+/09AZ====']]],
  ['a token68 and white space', 'Negotiate YII= ', [['negotiate', 'YII=']]],
  [
    'a token68 before another challenge',
    'Negotiate YII=,Basic realm="a"',
    [
      ['negotiate', 'YII='],
      ['basic', { realm: 'a' }],
    ],
  ],
  [
    'schemes alone, several',
    'Negotiate, NTLM,Kerberos',
    [
      ['negotiate', {}],
      ['ntlm', {}],
      ['kerberos', {}],
    ],
  ],
  [
    'the same scheme twice',
    'Digest nonce="1", Digest nonce="2"',
    [
      ['digest', { nonce: '1' }],
      ['digest', { nonce: '2' }],
    ],
  ],
  [
    'several field lines',
    ['Basic realm="a"', 'Digest nonce="n", Foo'],
    [
      ['basic', { realm: 'a' }],
      ['digest', { nonce: 'n' }],
      ['foo', {}],
    ],
  ],
  ['no field line', [], []],
  ['a param named as its scheme', 'Basic basic=basic', [['basic', { basic: 'basic' }]]],
  ['a param name with an asterisk', "Digest username*=UTF-8''x", [['digest', { 'username*': "UTF-8''x" }]]],
  ['a param named *', 'Foo *=a', [['foo', { '*': 'a' }]]],
  [
    'names that objects have',
    'Foo __proto__=a, constructor=b, toString="c", hasOwnProperty=d',
    [['foo', { ['__proto__']: 'a', constructor: 'b', tostring: 'c', hasownproperty: 'd' }]],
  ],
  [
    'schemes that objects have',
    '__proto__ a=b, constructor',
    [
      ['__proto__', { a: 'b' }],
      ['constructor', {}],
    ],
  ],
  ['"Digest word" is a token68', 'Digest word', [['digest', 'word']]],
  ['"Digest qop=" is a token68', 'Digest qop=', [['digest', 'qop=']]],
];

/** What the grammar forbids and servers send: read as it is meant. */
export const lenient: readonly ChallengeVector[] = [
  ['a mail address unquoted', 'Digest realm=me@host.com, nonce=x', [['digest', { realm: 'me@host.com', nonce: 'x' }]]],
  [
    'base64 unquoted',
    'Digest realm=r, nonce=ab/c+d==, opaque=/==',
    [['digest', { realm: 'r', nonce: 'ab/c+d==', opaque: '/==' }]],
  ],
  [
    'a URL unquoted',
    'Bearer realm=https://h.example:8443/token',
    [['bearer', { realm: 'https://h.example:8443/token' }]],
  ],
  [
    'white space instead of a comma between params',
    'Basic realm="a" charset="UTF-8"\tx=y',
    [['basic', { realm: 'a', charset: 'UTF-8', x: 'y' }]],
  ],
  [
    'white space instead of a comma between challenges',
    'Digest nonce="a" Basic realm="b"',
    [
      ['digest', { nonce: 'a' }],
      ['basic', { realm: 'b' }],
    ],
  ],
  ['HTAB after the scheme', 'Basic\trealm="a"', [['basic', { realm: 'a' }]]],
  ['a comma right after the scheme', 'Basic,realm="a"', [['basic', { realm: 'a' }]]],
  ['a malformed element that may as well be a challenge', 'Basic realm="a", ="b"', [['basic', { realm: 'a' }]]],
  ['a line folded with a blank', 'Basic\r\n realm="a",\r\n\tcharset=x', [['basic', { realm: 'a', charset: 'x' }]]],
  ['a line folded in a quoted-string', 'Basic realm="a\r\n \t b", c=d', [['basic', { realm: 'a b', c: 'd' }]]],
  ['a line folded behind a backslash', 'Basic realm="a\\\r\n b"', [['basic', { realm: 'a b' }]]],
  ['empty lines, folded', '\r\n \r\n Negotiate\r\n \r\n\tYII=\r\n ', [['negotiate', 'YII=']]],
  [
    'a line folded between challenges',
    'Digest nonce="a"\r\n Basic realm="b"',
    [
      ['digest', { nonce: 'a' }],
      ['basic', { realm: 'b' }],
    ],
  ],
  ['text that somebody decoded', 'Basic realm="\u65e5\u672c"', [['basic', { realm: '\u65e5\u672c' }]]],
];

/** One malformed challenge each: left out, and whatever stands beside it is kept. */
export const malformed: ReadonlyArray<readonly [what: string, input: string]> = [
  ['an auth-scheme cut short', 'Bas;;ic'],
  ['garbage', '@@?'],
  ['a quoted-string for an auth-scheme', '"Basic" realm="a"'],
  ['a character after the auth-scheme', 'Basic; realm="a"'],
  ['a value missing at the end', 'Basic realm="a", charset='],
  ['a value missing before a comma', 'Basic realm="a", charset=, x=y'],
  ['a name missing between params', 'Basic realm="a", ="b", charset=x'],
  ['a param twice', 'Basic realm="a", realm="b"'],
  ['a param twice, in another case', 'Basic realm="a", REALM="a"'],
  ['__proto__ twice', 'Basic __proto__=a, __proto__=b'],
  ['a control character in a quoted-string', 'Basic realm="a\u0000b"'],
  ['DEL in a quoted-string', 'Basic realm="a\u007fb"'],
  ['a line break in a quoted-string', 'Basic realm="a\r\nb"'],
  ['half a line break before a blank in a quoted-string', 'Basic realm="a\r b"'],
  ['the other half', 'Basic realm="a\n b"'],
  ['a control character behind a backslash', 'Basic realm="a\\\u0001b"'],
  ['a control character for white space', 'Basic\u000brealm="a"'],
  ['text right after a quoted-string', 'Basic realm="a"b'],
  ['a param right after a quoted-string', 'Basic realm="a"charset="b"'],
  ['a quote inside a token', 'Basic realm=a"b"'],
  ['a semicolon between params', 'Basic realm="a"; charset=x'],
  ['single quotes with a blank', "Basic realm='a b;'"],
  ['brackets', 'Basic realm=<a>'],
  ['obs-text unquoted', 'Basic realm=\u00e9'],
  ['a token68 with params', 'Negotiate YII=, realm="a"'],
  ['params with a token68', 'Negotiate realm="a" /YII=='],
  ['garbage among the params', 'Digest realm="a", nonce="b", @@?, algorithm=SHA-256'],
  ['garbage in the last param', 'Digest realm="a", nonce="b" qop"auth"'],
];

/** Malformed alone; behind a challenge they are its params. */
export const orphans: ReadonlyArray<readonly [what: string, input: string]> = [
  ['a param without an auth-scheme', 'realm="a"'],
  ['"=" before a token68', 'Negotiate =YII'],
];
