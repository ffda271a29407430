/** `login`: a credential for the keychain, checked against the server first. */

import type { Command } from '../command.js';

export const login: Command = {
  summary: 'check a credential, and keep it in the keychain',
  usage: 'login [options] URL',
  about:
    'Takes a user name and a password from the environment, or asks a person, sends a GET with them, and keeps them in the keychain of the operating system if the server accepts them. They are for the whole origin.',
  url: 'required',
  options: {
    user: { type: 'string', short: 'u', value: 'NAME', text: 'the account' },
    'password-stdin': { type: 'boolean', text: 'take its password from stdin' },
    'allow-insecure': { type: 'boolean', text: 'let a secret travel in the clear to this origin' },
  },
  examples: [
    { line: 'axios-challenge login https://files.example/report', text: 'from the environment, or a person' },
    {
      line: 'pass show files | axios-challenge login -u alice --password-stdin https://files.example/report',
      text: 'from another store',
    },
  ],
  run: async (given, leaving) => (await import('../check-in.js')).checkIn(given, leaving),
};
