/** `login`: checks a credential with the server, and stores it in the keychain. */

import type { Command } from '../input/command.js';
import { NTLM } from '../input/options.js';

export const login: Command = {
  summary: 'check a credential, and store it in the keychain',
  usage: 'login [options] URL',
  about:
    'Reads a user name and a password from the environment, or asks for them, sends a GET with them, and stores them in the keychain of the operating system if the server accepts them. They are stored for the whole origin. With --oauth you log in at the issuer of tokens, with the browser or on another device; the token is stored, and renewed when it is used. Without --issuer the server is asked which issuer it trusts.',
  url: 'required',
  options: {
    user: { type: 'string', short: 'u', value: 'NAME', text: 'the account' },
    'password-stdin': { type: 'boolean', text: 'read the password from the first line of stdin' },
    'token-stdin': { type: 'boolean', text: 'read a token from the first line of stdin' },
    ...NTLM,
    oauth: { type: 'boolean', text: 'log in at an issuer of tokens' },
    issuer: { type: 'string', value: 'URL', text: 'the issuer; default: the server names it' },
    'client-id': { type: 'string', value: 'ID', text: 'as the issuer knows this program' },
    scope: { type: 'string', value: 'SCOPES', text: 'what the token shall allow' },
    resource: { type: 'string', value: 'URI', text: 'for which resource the token is' },
    device: { type: 'boolean', text: 'log in on another device' },
    redirect: { type: 'string', value: 'URL', text: 'where the browser comes back to, if fixed' },
    'allow-insecure': { type: 'boolean', text: 'send a password or token without TLS to this origin' },
  },
  examples: [
    { line: 'axios-challenge login https://files.example/report', text: 'from the environment, or typed' },
    {
      line: 'pass show files | axios-challenge login -u alice --password-stdin https://files.example/report',
      text: 'from another password store',
    },
    {
      line: 'axios-challenge login --oauth --issuer https://id.example --client-id cli https://files.example/report',
      text: 'a token, at its issuer',
    },
  ],
  run: async (given, leaving) => (await import('./login.js')).checkIn(given, leaving),
};
