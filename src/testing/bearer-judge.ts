/** Writes a Bearer challenge, and judges the authorizations that answer it (RFC 6750). */

import type { Authorization } from './authorization.js';
import { bytes, formatChallenge, quoted } from './field.js';
import type { Judge } from './judge.js';
import type { BearerProtection } from './protection.js';
import { sameSecret } from './users.js';
import { Violation } from './violation.js';

/** Reads the token of a Bearer authorization (RFC 6750 §2.1); throws a Violation when it is not a b64token. */
export function readBearer({ token68 }: Authorization): string {
  if (token68 === undefined) throw new Violation('bearer: not one b64token (RFC 6750 §2.1)');
  return token68;
}

/** The judge of one Bearer challenge. */
export function bearerJudge(protection: BearerProtection, tokens: readonly string[]): Judge {
  return {
    scheme: 'bearer',
    challenge: (refusal) => [
      formatChallenge('Bearer', {
        realm: quoted(bytes(protection.realm ?? 'test')),
        scope: protection.scope === undefined ? undefined : quoted(bytes(protection.scope)),
        error: protection.error && refusal ? '"invalid_token"' : undefined,
      }),
    ],
    isMine: ({ scheme }) => scheme === 'bearer',
    judge(authorization) {
      const token = readBearer(authorization);
      if (tokens.some((valid) => sameSecret(valid, token))) return { accepted: {} };
      return { refused: { reason: 'unknown token' } };
    },
  };
}
