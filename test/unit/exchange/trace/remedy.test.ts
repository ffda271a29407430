/** The advice at the end of a record, for each situation that the record can tell. */

import type { Happening } from '../../../../src/exchange/trace/events.js';
import { adviceFor, remedyFor } from '../../../../src/exchange/trace/remedy.js';

const ORIGIN = 'https://files.example';
const PROVIDER = { type: 'provider', outcome: 'absent', milliseconds: 0 } as const;

interface Story {
  readonly status?: number;
  readonly challenges?: readonly string[];
  readonly said?: ReadonlyArray<Partial<Extract<Happening, { type: 'provider' }>>>;
  readonly end?: Partial<Extract<Happening, { type: 'end' }>>;
}

function advice(
  reader: 'program' | 'command line',
  { status = 401, challenges = ['Digest MD5'], said = [], end }: Story,
) {
  const happenings: Happening[] = [
    { type: 'send', send: 1, method: 'GET', url: `${ORIGIN}/report`, preemptive: false },
    { type: 'challenged', realm: 'Files', challenges },
    ...said.map((one): Happening => ({ ...PROVIDER, provider: 'env', ...one })),
    { type: 'end', status, code: 'ERR_AUTH_NONE', reason: 'no provider has a credential', ...end },
  ];
  const events = happenings.map((event, at) => ({ exchange: 1, at, ...event }));
  return adviceFor({ exchange: 1, began: 0, method: 'GET', url: `${ORIGIN}/report`, events }, reader);
}

const unset = (prefix = 'AXIOS_CHALLENGE') => ({ reason: `${prefix}_USERNAME is not set` });
const terminal = { provider: 'prompt', outcome: 'failed', reason: 'prompt: not available' } as const;
const refused = { code: 'ERR_AUTH_REFUSED', reason: 'the server refused the credential' } as const;

test.each<[string, Story, string, string]>([
  [
    'nothing is set',
    { said: [unset(), terminal] },
    'give a credential: set AXIOS_CHALLENGE_USERNAME and AXIOS_CHALLENGE_PASSWORD, or run the program in a terminal',
    'store a password with axios-challenge login https://files.example, or set AXIOS_CHALLENGE_USERNAME and AXIOS_CHALLENGE_PASSWORD, or --netrc reads ~/.netrc',
  ],
  [
    'a tool has variables of its own',
    { said: [unset('FILES')] },
    'give a credential: set FILES_USERNAME and FILES_PASSWORD',
    'store a password with axios-challenge login https://files.example, or set FILES_USERNAME and FILES_PASSWORD, or --netrc reads ~/.netrc',
  ],
  [
    'the server wants a token',
    { challenges: ['Bearer'], said: [{ reason: 'AXIOS_CHALLENGE_TOKEN is not set' }, terminal] },
    'give a credential: set AXIOS_CHALLENGE_TOKEN',
    'log in with axios-challenge login --oauth, or set AXIOS_CHALLENGE_TOKEN, or give the token with --oauth2-bearer',
  ],
  [
    'the chain has no env',
    { said: [{ provider: 'notebook', reason: 'has no page for it' }] },
    'see what each provider says, or add one to `providers` that has a password for https://files.example',
    'store a password with axios-challenge login https://files.example, or set AXIOS_CHALLENGE_URL and a credential for this origin, or --netrc reads ~/.netrc',
  ],
  [
    'AXIOS_CHALLENGE_URL names another origin',
    { said: [{ reason: 'AXIOS_CHALLENGE_URL is https://other.example, not this origin' }] },
    'set AXIOS_CHALLENGE_URL to https://files.example if that credential is meant for it',
    'set AXIOS_CHALLENGE_URL to https://files.example if that credential is meant for it',
  ],
  [
    'the credential is bound to the baseURL',
    {
      said: [
        {
          reason:
            'AXIOS_CHALLENGE_URL is not set, and AXIOS_CHALLENGE_USERNAME names no origin, so it is for the baseURL, https://a.example',
        },
      ],
    },
    'set AXIOS_CHALLENGE_URL to https://files.example if that credential is meant for it',
    'set AXIOS_CHALLENGE_URL to https://files.example if that credential is meant for it',
  ],
  [
    'there is a user name without a password',
    { said: [{ username: 'alice', reason: 'has a user name and no password' }] },
    'set the variable for the password of alice as well: _PASSWORD or _PASSWORD_FILE beside _USERNAME',
    'set the variable for the password of alice as well: _PASSWORD or _PASSWORD_FILE beside _USERNAME',
  ],
  [
    'a file can be read by others',
    { said: [{ provider: 'netrc', outcome: 'failed', reason: '~/.netrc can be read by others (chmod 600 ~/.netrc)' }] },
    'let nobody else read the file (chmod 600): ~/.netrc can be read by others',
    'let nobody else read the file (chmod 600): ~/.netrc can be read by others',
  ],
  [
    'a proxy asks',
    { status: 407, said: [{ reason: 'none for a proxy' }] },
    'give the credential of the proxy in `proxy.auth`, or in its URL: the variable http_proxy or https_proxy',
    'give the credential of the proxy in its URL: -x, or the variable http_proxy or https_proxy',
  ],
  [
    'a password is refused',
    { said: [{ outcome: 'found', username: 'alice' }], end: refused },
    'check the user name and the password that env gave; a refused credential is not sent again for a while',
    'check the user name and the password that env gave; a refused credential is not sent again for a while',
  ],
  [
    'a stored password is refused',
    { said: [{ provider: 'keychain', outcome: 'found', username: 'alice' }], end: refused },
    'check the user name and the password that keychain gave; a refused credential is not sent again for a while',
    'store the new password with axios-challenge login https://files.example',
  ],
  [
    'a token is refused',
    { challenges: ['Bearer'], said: [{ outcome: 'found' }], end: refused },
    'get a new token: it may have expired, or lack the audience or the scope that the server wants',
    'get a new token: it may have expired, or lack the audience or the scope that the server wants',
  ],
  [
    'a password is refused by a proxy',
    { status: 407, said: [{ outcome: 'found', username: 'alice' }], end: refused },
    'check the user name and the password for the proxy that env gave; a refused credential is not sent again for a while',
    'check the user name and the password of the proxy',
  ],
  [
    'the password that the caller gave is refused',
    { end: refused },
    'check the user name and the password; a refused credential is not sent again for a while',
    'check the user name and the password; a refused credential is not sent again for a while',
  ],
  [
    'a provider of somebody else knows a user name and no password',
    { said: [{ provider: 'notebook', username: 'alice', reason: 'has a user name and no password' }] },
    'see what each provider says, or add one to `providers` that has a password for https://files.example',
    'store a password with axios-challenge login https://files.example, or set AXIOS_CHALLENGE_URL and a credential for this origin, or --netrc reads ~/.netrc',
  ],
  [
    '~/.netrc was read',
    { said: [unset(), { provider: 'netrc', reason: 'has no entry for files.example' }] },
    'give a credential: set AXIOS_CHALLENGE_USERNAME and AXIOS_CHALLENGE_PASSWORD',
    'store a password with axios-challenge login https://files.example, or set AXIOS_CHALLENGE_USERNAME and AXIOS_CHALLENGE_PASSWORD',
  ],
  [
    'there is no challenge',
    { challenges: [], end: { code: 'ERR_AUTH_CHALLENGE', reason: 'it came without a challenge' } },
    'the server names no auth-scheme: have it send WWW-Authenticate, or say in `assume` what it means',
    "the server names no auth-scheme: send what it expects with -H 'Authorization: ...'",
  ],
])('%s', (_, story, program, commandLine) => {
  expect(advice('program', story)).toBe(program);
  expect(advice('command line', story)).toBe(commandLine);
});

test('the command line never gets advice about the options of a program', () => {
  const codes = [
    'CHALLENGE',
    'NONE',
    'REFUSED',
    'INSECURE',
    'ORIGIN',
    'BODY',
    'DOWNGRADE',
    'MUTUAL',
    'PROVIDER',
    'STALE',
  ];
  for (const code of codes) {
    expect(advice('command line', { end: { code: `ERR_AUTH_${code}` as 'ERR_AUTH_NONE' } })).toMatch(/^[^`]+$/);
  }
});

test('an answered request needs no advice', () => {
  expect(advice('program', { status: 200, end: { code: undefined } })).toBeUndefined();
});

const STARTED = { exchange: 1, began: 0, method: 'GET', url: `${ORIGIN}/report` } as const;
const NONE = { exchange: 1, at: 0, type: 'end', code: 'ERR_AUTH_NONE', reason: '' } as const;

test('a request that continues needs no advice', () => {
  expect(adviceFor({ ...STARTED, events: [] }, 'program')).toBeUndefined();
});

test('a code that is not known has no advice', () => {
  const code = 'ERR_AUTH_LATER' as 'ERR_AUTH_NONE';
  expect(adviceFor({ ...STARTED, events: [{ ...NONE, code }] }, 'program')).toBeUndefined();
});

test.each([
  [`${ORIGIN}/report`, ORIGIN],
  ['', ''],
])('a request to %j that was never sent is for the origin %j', (url, origin) => {
  const advice = adviceFor({ ...STARTED, url, events: [{ ...NONE, status: 401 }] }, 'program');
  expect(advice).toBe(`see what each provider says, or add one to \`providers\` that has a password for ${origin}`);
});

test.each([
  ['ERR_AUTH_OPTION', 'correct the option or the variable that the message names'],
  ['ERR_AUTH_REFUSED', 'check the user name and the password; a refused credential is not sent again for a while'],
] as const)('the advice from %s alone is for a program', (code, advice) => {
  expect(remedyFor(code)).toBe(advice);
});
