/** A first send without an exchange: what it keeps, whose hook it calls, and what leads to an exchange. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { jest } from '@jest/globals';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { FirstSend } from '../../../src/axios/first-send.js';
import type { KnownSend } from '../../../src/exchange/send/known.js';
import { configOf } from '../../support/axios-config.js';

const origin = 'https://files.example';
const target = { origin, url: `${origin}/a`, pathname: '/a', method: 'GET', uri: '/a' };
const rules = { mutual: 'verify', assumption: undefined } as never;

function responseWith(request: object, status = 200): AxiosResponse {
  return { status, statusText: '', headers: {}, data: '', config: configOf(), request };
}

/** A send whose authorization is known, and let in. */
function knownSend(): KnownSend {
  const authorizations = { origin: { value: 'Basic eDp5' }, proxy: undefined };
  return { target, authorizations, end() {}, letIn: () => true } as unknown as KnownSend;
}

function begin(config: InternalAxiosRequestConfig, known?: KnownSend): FirstSend {
  return new FirstSend(config, known, () => target);
}

test('what Node keeps of a send does not hold its response', async () => {
  setFlagsFromString('--expose_gc');
  const collect: () => void = runInNewContext('gc');
  const config = configOf();
  const sent = begin(config);
  const held = sent.beforeRedirect;
  const answered = (() => {
    const response = responseWith({});
    sent.end({ ok: true, response }).record();
    return new WeakRef(response);
  })();
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  expect([held === sent.beforeRedirect, answered.deref()]).toEqual([true, undefined]);
});

describe("the caller's own hook", () => {
  const hop = { href: `${origin}/b`, path: '/b', method: 'GET', headers: {} };

  test('is called as it was when the send began, if it is wrapped meanwhile', () => {
    const hook = jest.fn();
    const config = configOf({ beforeRedirect: hook });
    begin(config);
    const ours = config.beforeRedirect;
    config.beforeRedirect = (...args) => ours?.(...args);
    config.beforeRedirect(hop, {} as never, {} as never);
    expect(hook).toHaveBeenCalledTimes(1);
  });

  test('is called with all that axios gives, and is there again afterwards', () => {
    const hook = jest.fn();
    const config = configOf({ beforeRedirect: hook });
    const sent = begin(config);
    config.beforeRedirect?.(hop, { headers: {}, statusCode: 302 }, { url: 'a' } as never);
    sent.end({ ok: true, response: responseWith({}) });
    expect(hook.mock.calls).toEqual([[hop, { headers: {}, statusCode: 302 }, { url: 'a' }]]);
    expect(config.beforeRedirect).toBe(hook);
  });
});

describe('an authorized send that was let in leads to an exchange', () => {
  test.each([
    ['not if its own target answered', { res: { responseUrl: target.url } }, false],
    ['not if nothing tells who answered', {}, false],
    ['if another URL answered than was predicted', { res: { responseUrl: `${origin}/else` } }, true],
    ['if XHR was redirected', { responseURL: `${origin}/else` }, true],
  ])('%s', (_, request, expected) => {
    const result = begin(configOf(), knownSend()).end({ ok: true, response: responseWith(request) });
    expect(result.leadsToExchange(rules)).toBe(expected);
  });

  test('if a redirect led back to the target', () => {
    const config = configOf();
    const known = Object.assign(knownSend(), { authorizeHop: () => ({ origin: undefined, proxy: undefined }) });
    const sent = begin(config, known);
    config.beforeRedirect?.({ href: target.url, path: '/a', method: 'GET', headers: {} }, {} as never, {} as never);
    const response = responseWith({ res: { responseUrl: target.url } });
    expect(sent.end({ ok: true, response }).leadsToExchange(rules)).toBe(true);
  });
});
