/** The lines of a header field of a response. */

import type { AxiosResponse } from 'axios';

/** As they came, where Node has kept them: an open quote in one does not swallow the next. */
export function fieldLines({ headers, request }: AxiosResponse, name: string): readonly string[] {
  const raw: unknown = request?.res?.rawHeaders;
  if (Array.isArray(raw)) {
    return raw.filter((_, index) => index % 2 === 1 && String(raw[index - 1]).toLowerCase() === name);
  }
  const value: unknown = headers[name];
  return typeof value === 'string' ? [value] : [];
}
