/** Whether an issuer knows a client by the document that its identifier leads to. */

import { parseUrl } from '../../syntax/url.js';
import { failed } from './trouble.js';

/**
 * Checks that a client identifier which is the https URL of a Client ID Metadata Document
 * (draft-ietf-oauth-client-id-metadata-document) can be used with an issuer. Any other identifier was registered, and
 * passes.
 *
 * @param clientId - the caller's
 * @param metadata - the issuer's (RFC 8414)
 * @throws AuthError ERR_AUTH_PROVIDER if the issuer does not say that it reads such documents
 * @example
 * checkClient('https://app.example/client.json', { client_id_metadata_document_supported: true });
 */
export function checkClient(clientId: string, metadata: Readonly<Record<string, unknown>>): void {
  const url = parseUrl(clientId);
  if (url?.protocol !== 'https:' || url.pathname === '/') return;
  const { client_id_metadata_document_supported: isSupported } = Object.assign(Object.create(null), metadata);
  if (isSupported === true) return;
  throw failed(
    'client',
    'the issuer reads no client metadata document (register a client there, and set its clientId)',
  );
}
