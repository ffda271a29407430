/** How many bytes a body will have. */

import type { AxiosResponse } from 'axios';

/** `undefined` where it is not told, or told of what was compressed: axios takes that away and leaves the length. */
export function bodyLength({ headers, request }: AxiosResponse): number | undefined {
  const raw: unknown = request?.res?.rawHeaders;
  const encoded = Array.isArray(raw) && raw.some((one, index) => index % 2 === 0 && /^content-encoding$/i.test(one));
  const length = Number(headers['content-length'] ?? Number.NaN);
  return encoded || !Number.isInteger(length) || length < 0 ? undefined : length;
}
