/** Mistakes that TypeScript finds, made in JavaScript: they are told at once, with what was probably meant. */

import axios from 'axios';
import type { AuthOptions } from '../../src/index.js';
import { command, digest, env, git, installAuth, keychain, netrc, prompt, staticCredential } from '../../src/index.js';
import { client, server } from '../support/stage.js';

const mistake = (message: unknown) => expect.objectContaining({ code: 'ERR_AUTH_OPTION', message });
const install = (options: unknown) => () => installAuth(axios.create(), options as AuthOptions);

test.each([
  [{ maxCredential: 1 }, 'installAuth: there is no option maxCredential (did you mean maxCredentials?)'],
  [{ body: () => '' }, expect.stringContaining('installAuth: there is no option body (its options are providers, ')],
  [true, 'installAuth: the options must be an object, as in { providers: ... }'],
  [{ schemes: ['digest'] }, "the option schemes must be a list of schemes: digest(), not 'digest'"],
  [{ schemes: [digest] }, 'the option schemes must be a list of schemes: digest(), not digest'],
  [{ schemes: digest() }, 'the option schemes must be a list of schemes'],
  [
    { providers: [env] },
    'the option providers must be a list of providers, each with a `name` and a `get`: env(), not env',
  ],
])('installAuth(client, %j) names the mistake', (options, message) => {
  expect(install(options)).toThrow(mistake(message));
});

test.each([[undefined], [{}], ['https://files.example']])('installAuth(%j) names the mistake', (client) => {
  const message = 'installAuth: needs an axios instance, as in installAuth(axios.create())';
  expect(() => installAuth(client as never)).toThrow(mistake(message));
});

const nonsense = { nonsense: true } as never;

test.each<[string, () => unknown]>([
  ['env', () => env(nonsense)],
  ['keychain', () => keychain(nonsense)],
  ['prompt', () => prompt(nonsense)],
  ['netrc', () => netrc(nonsense)],
  ['git', () => git(nonsense)],
  ['command', () => command(['true'], nonsense)],
  ['staticCredential', () => staticCredential({ token: 't' }, nonsense)],
  ['digest', () => digest(nonsense)],
])('%s({ nonsense }) names the mistake', (name, make) => {
  expect(make).toThrow(mistake(expect.stringContaining(`${name}: there is no option nonsense`)));
});

test.each([
  [true, 'challenge: the options must be an object, as in { providers: ... }'],
  [{ bufferbody: 1 }, 'challenge: there is no option bufferbody (did you mean bufferBody?)'],
])('a request with `challenge: %j` names the mistake, and is not sent', async (challenge, message) => {
  const guarded = await server();
  await expect(client(guarded.url).get('/', { challenge: challenge as never })).rejects.toEqual(mistake(message));
  expect(guarded.requests).toEqual([]);
});
