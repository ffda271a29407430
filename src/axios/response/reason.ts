/** What the server says about a request that it refused: in its challenges, and in a problem document. */

import type { AxiosResponse } from 'axios';
import { memberOf } from '../../base/own.js';
import { parseChallenges } from '../../syntax/challenge.js';
import { phrase, withoutTokens } from '../../syntax/visible.js';
import { fieldOf, linesOf } from './headers.js';

/** In lines that are safe to show; `[]` for a response that says nothing. A stream is not read: it is the caller's. */
export function reasonsOf(response: AxiosResponse): string[] {
  if (response.status < 400) return [];
  return [...challengeReasons(response), ...problemReasons(response)];
}

/** RFC 6750 §3: `error`, `error_description`, `error_uri` and `scope`. */
function challengeReasons(response: AxiosResponse): string[] {
  const name = response.status === 407 ? 'proxy-authenticate' : 'www-authenticate';
  return parseChallenges(linesOf(response, name) ?? []).flatMap(({ params }) => {
    const { error, error_description: description, error_uri: address, scope } = params;
    const said = sentence(error, description);
    const more = [
      address && `see ${phrase(withoutTokens(address))}`,
      scope && `scope ${phrase(withoutTokens(scope))}`,
    ].filter(Boolean);
    if (said === '') return [];
    return [more.length === 0 ? said : `${said} (${more.join('; ')})`];
  });
}

/** RFC 9457: `title` and `detail`. */
function problemReasons(response: AxiosResponse): string[] {
  if (!/^application\/problem\+json\b/i.test(fieldOf(response, 'content-type') ?? '')) return [];
  const { title, detail } = objectOf(response.data);
  const said = sentence(textIn(title), textIn(detail));
  return said === '' ? [] : [said];
}

function sentence(first = '', second = ''): string {
  return [first, second]
    .filter((part) => part.trim() !== '')
    .map((part) => phrase(withoutTokens(part)))
    .join(': ');
}

function objectOf(body: unknown): { readonly title?: unknown; readonly detail?: unknown } {
  const value = typeof body === 'string' ? parsed(body) : body;
  if (typeof value !== 'object' || value === null) return {};
  return {
    title: memberOf(value as { title?: unknown }, 'title'),
    detail: memberOf(value as { detail?: unknown }, 'detail'),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
