/** Writes the status line and the fields of a response as they arrived. */

import type { IncomingMessage } from 'node:http';
import type { AxiosResponse } from 'axios';

/** The head with its empty line, as bytes: a field may hold other characters than ASCII, which Node reads as Latin-1. */
export function headOf({ request }: AxiosResponse): Buffer {
  const response: IncomingMessage | undefined = request?.res;
  if (!response) return Buffer.alloc(0);
  const { httpVersion, statusCode, statusMessage, rawHeaders } = response;
  const fields = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []));
  const lines = [`HTTP/${httpVersion} ${statusCode} ${statusMessage}`, ...fields, '', ''];
  return Buffer.from(lines.join('\r\n'), 'latin1');
}
