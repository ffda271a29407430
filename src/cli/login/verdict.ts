/** What the response to a login says about the credential. */

import type { Readable } from 'node:stream';
import type { AxiosResponse } from 'axios';
import type { Credential } from '../../model.js';
import type { Address } from '../input/address.js';
import { EXIT, Stop } from '../io/exit.js';
import { tellRefusal } from '../send/report.js';
import type { LoginAttempt } from './attempt.js';

/**
 * The accepted credential; `undefined` if it was refused, which is told.
 *
 * @param secret - what the server was sent, which may come back in its words
 * @throws Stop if nothing was checked
 */
export async function verdict(
  response: AxiosResponse<Readable>,
  { shown }: Address,
  { accepted }: LoginAttempt,
  secret?: string,
): Promise<Credential | undefined> {
  const { status } = response;
  if (status === 401 || status === 407) {
    await tellRefusal(response, { secret });
    return undefined;
  }
  response.data.on('error', () => {}).destroy();
  if (accepted) return accepted;
  if (status >= 400)
    throw new Stop(EXIT.http, `${shown} answered ${status}, so the credential was not checked and not stored`);
  throw new Stop(EXIT.failed, `${shown} does not ask for a credential, so nothing was stored`);
}
