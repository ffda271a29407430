/** What oauth() says of options that cannot be used, at once. */

import { type OAuthOptions, oauth } from '../../../src/oauth/oauth.js';
import { oauthSettings } from '../../../src/oauth/options.js';

const good = { issuer: 'https://id.example', clientId: 'cli' };

test.each([
  ['no client', { issuer: good.issuer }, 'needs a clientId'],
  ['no issuer', { clientId: 'cli' }, 'needs an issuer, or discover: true'],
  ['an issuer that is no address', { ...good, issuer: 'id.example' }, 'issuer is not an issuer'],
  ['a client without a name', { ...good, clientId: '' }, 'clientId is not text'],
  ['an empty secret', { ...good, clientSecret: '' }, 'clientSecret is neither text nor a function'],
  ['scopes with two spaces', { ...good, scope: 'a  b' }, 'scope is not a list of scopes'],
  ['a scope with a quote', { ...good, scope: 'a"b' }, 'scope is not a list of scopes'],
  ['a list of scopes', { ...good, scope: ['a'] }, 'scope is not a list of scopes'],
  ['a relative resource', { ...good, resource: '/files' }, 'resource is not an absolute URI'],
  ['a resource with a fragment', { ...good, resource: 'https://files.example/#a' }, 'resource is not an absolute URI'],
  ['an origin that is none', { ...good, origin: 'files.example' }, 'oauth: origin is not an http or https URL'],
  ['another flow', { ...good, flow: 'implicit' }, 'flow is none of auto, client-credentials, device, browser'],
  ['a flow without its secret', { ...good, flow: 'client-credentials' }, 'needs a clientSecret'],
  ['store: true', { ...good, store: true }, 'store is neither false nor a store'],
  ['half a store', { ...good, store: { get: () => {} } }, 'store is neither false nor a store'],
  ['an http that is no client', { ...good, http: {} }, 'http is not an axios client'],
  ['the name of a browser', { ...good, open: 'firefox' }, 'open is not a function'],
  ['a port that is none', { ...good, redirect: { port: 0 } }, 'redirect is not { port, path }'],
  ['a path without a slash', { ...good, redirect: { path: 'back' } }, 'redirect is not { port, path }'],
  ['a path with a query', { ...good, redirect: { path: '/back?x=1' } }, 'redirect is not { port, path }'],
  ['a misspelt part of redirect', { ...good, redirect: { prot: 80 } }, 'did you mean port?'],
  ['prompt: null', { ...good, prompt: null }, 'prompt is not a boolean'],
  ['a misspelt option', { ...good, clientID: 'cli' }, 'there is no option clientID (did you mean clientId?)'],
])('%s', (_, options, says) => {
  const message = expect.stringContaining(says) as unknown as string;
  expect(() => oauth(options as OAuthOptions)).toThrow(expect.objectContaining({ code: 'ERR_AUTH_OPTION', message }));
});

test.each([
  ['of a resource that is a web address', { resource: 'https://files.example/api' }, 'https://files.example'],
  ['of another resource', { resource: 'urn:files' }, undefined],
  ['that is named', { resource: 'https://files.example', origin: 'https://api.example/v1' }, 'https://api.example'],
  ['of nothing', {}, undefined],
])('the origin %s', (_, options, origin) => {
  expect(oauthSettings({ ...good, ...options }).origin).toBe(origin);
});

test('an issuer is kept byte for byte, and a function may be its secret', () => {
  const clientSecret = () => 'x';
  expect(oauthSettings({ ...good, issuer: 'https://id.example/t/', clientSecret })).toMatchObject({
    ...{ issuer: 'https://id.example/t/', clientSecret },
  });
});
