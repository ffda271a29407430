import { checkClient } from '../../../../src/oauth/discovery/client.js';

const SUPPORTED = { client_id_metadata_document_supported: true };

test.each([
  ['report-cli', {}],
  ['https://app.example', {}],
  ['https://app.example/', {}],
  ['http://app.example/client.json', {}],
  ['https://app.example/client.json', SUPPORTED],
])('%s is a client where the metadata is %j', (clientId, metadata) => {
  expect(() => checkClient(clientId, metadata)).not.toThrow();
});

test.each([
  [{}],
  [{ client_id_metadata_document_supported: false }],
  [{ client_id_metadata_document_supported: 'true' }],
  [Object.create(SUPPORTED)],
])('a document is no client where the metadata is %j', (metadata) => {
  expect(() => checkClient('https://app.example/client.json', metadata)).toThrow(
    expect.objectContaining({
      code: 'ERR_AUTH_PROVIDER',
      message:
        'oauth: discovery failed at client: the issuer reads no client metadata document (register a client there, and set its clientId)',
    }),
  );
});
