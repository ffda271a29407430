/** Where the metadata of an issuer is looked for: the examples of RFC 8414 §3.1, §5. */

import { MetadataReader, metadataAddresses } from '../../../../src/oauth/protocol/metadata.js';

test.each([
  [
    'https://example.com',
    'https://example.com/.well-known/oauth-authorization-server',
    'https://example.com/.well-known/openid-configuration',
  ],
  [
    'https://example.com/issuer1',
    'https://example.com/.well-known/oauth-authorization-server/issuer1',
    'https://example.com/.well-known/openid-configuration/issuer1',
    'https://example.com/issuer1/.well-known/openid-configuration',
  ],
  [
    'https://example.com/issuer1/',
    'https://example.com/.well-known/oauth-authorization-server/issuer1',
    'https://example.com/.well-known/openid-configuration/issuer1',
    'https://example.com/issuer1/.well-known/openid-configuration',
  ],
])('%s', (issuer, ...addresses) => {
  expect(metadataAddresses(issuer)).toEqual(addresses);
});

function reader(answers: Readonly<Record<string, object>>) {
  const asked: string[] = [];
  return {
    asked,
    metadata: new MetadataReader(async (url) => {
      asked.push(url);
      return url in answers ? Response.json(answers[url]) : new Response(null, { status: 404 });
    }),
  };
}

test('the second and the third address are asked when there is nothing at the first', async () => {
  const issuer = 'https://id.example/t';
  const { asked, metadata } = reader({ [`${issuer}/.well-known/openid-configuration`]: { issuer } });
  expect(await metadata.read(issuer)).toMatchObject({ issuer });
  expect(asked).toEqual(metadataAddresses(issuer));
});

test('all who wait get the one that is read, and it is read once', async () => {
  const issuer = 'https://id.example';
  const { asked, metadata } = reader({ [`${issuer}/.well-known/oauth-authorization-server`]: { issuer } });
  await Promise.all([metadata.read(issuer), metadata.read(issuer)]);
  await metadata.read(issuer);
  expect(asked).toHaveLength(1);
});

test.each(['https://id.example/', 'https://ID.example', 'https://id.example:443', 'https://id.example/t'])(
  'an issuer that calls itself %s is another than https://id.example',
  async (issuer) => {
    const { metadata, asked } = reader({ 'https://id.example/.well-known/oauth-authorization-server': { issuer } });
    await expect(metadata.read('https://id.example')).rejects.toThrow(/metadata of another issuer/);
    expect(asked).toHaveLength(1);
  },
);
