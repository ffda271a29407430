/** Writes the curl command that sends the same request, without any secret. */

import type { Invocation } from '../input/command.js';
import { PARTS } from '../input/options.js';
import type { Plan } from './plan.js';

const PLACEHOLDER = '...';
const SECRET_FIELD = /auth|cookie|credential|key|passw|secret|session|token/i;
// NAME=VALUE in a query or a form, "NAME":"VALUE" in JSON.
const SECRET_VALUE =
  /((?:^|[?&,{\s])"?[\w.-]*(?:token|secret|passw(?:or)?d|passphrase|api_?key|signature|sig)"?\s*[=:]\s*)("(?:[^"\\]|\\.)*"|[^&\s,}]+)/gi;

// The options that curl has under the same name, apart from those that carry a secret.
const FLAGS = [
  ...['netrc', 'basic', 'digest', 'ntlm', 'negotiate', 'insecure', 'location'],
  ...['include', 'head', 'fail', 'silent', 'show-error'],
];
const VALUES = ['netrc-file', 'cacert', 'connect-timeout', 'max-time', 'retry', 'user-agent', 'output', 'dump-header'];

/** One line for a POSIX shell. A value that may be a secret is written as `...`. */
export function curlCommand({ address, method, headers }: Plan, given: Invocation): string {
  // Without a user name, curl sends no ticket.
  const username = address.username ?? (given.has('negotiate') ? ':' : undefined);
  const isChosen = given.has('basic') || given.has('digest');
  const words = [
    'curl',
    ...(isChosen ? [] : ['--anyauth']),
    ...(username === undefined ? [] : ['--user', username]),
    ...(given.text('oauth2-bearer') === undefined ? [] : ['--oauth2-bearer', PLACEHOLDER]),
    ...FLAGS.filter((flag) => given.has(flag)).map((flag) => `--${flag}`),
    ...(given.has('location') ? [] : ['--location']),
    ...VALUES.flatMap((option) => valueWords(option, given.text(option))),
    ...proxyWords(given.text('proxy')),
    ...(given.has('remote-name') ? ['--remote-name'] : []),
    ...(isDefault(method, given) ? [] : ['--request', method]),
    ...Object.entries(headers).flatMap(([name, value]) => fieldWords(name, value, given)),
    ...given.inOrder(...PARTS, 'form', 'upload-file').flatMap(([option, value]) => [`--${option}`, masked(value)]),
    masked(address.url),
  ];
  return words.map(shellWord).join(' ');
}

function valueWords(option: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`--${option}`, value];
}

/** The password of a proxy stays out: all that stands between the first colon of its userinfo and the last `@`. */
function proxyWords(proxy: string | undefined): string[] {
  if (proxy === undefined) return [];
  const [, scheme = '', userinfo, host = ''] = /^(\w+:\/\/)?(.*)@(.*)$/s.exec(proxy) ?? [];
  const [user, ...password] = userinfo?.split(':') ?? [];
  return ['--proxy', password.length === 0 ? proxy : `${scheme}${user}:${PLACEHOLDER}@${host}`];
}

function isDefault(method: string, given: Invocation): boolean {
  if (given.has('head')) return method === 'HEAD';
  if (given.text('upload-file') !== undefined) return method === 'PUT';
  const hasBody = given.inOrder(...PARTS, 'form').length > 0;
  return method === (hasBody ? 'POST' : 'GET');
}

/** Fields that an option stands for are left to the option. */
function fieldWords(name: string, value: string | string[] | false, given: Invocation): string[] {
  const isOfOption = name === 'User-Agent' ? given.text('user-agent') === value : given.texts('json').length > 0;
  if (value === false || (isOfOption && /^(User-Agent|Accept|Content-Type)$/.test(name))) return [];
  return [value].flat().flatMap((one) => ['--header', `${name}: ${SECRET_FIELD.test(name) ? PLACEHOLDER : one}`]);
}

function masked(text: string): string {
  return text.replace(SECRET_VALUE, (_, name: string) => `${name}${PLACEHOLDER}`);
}

/** A word of a POSIX shell that means `word`. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
