/** The last message: the proof of the password, over both messages before it (MS-NLMP §2.2.1.3). */

import type { NtlmAccount } from './account.js';
import { blobOf, fileTime, micOf, ntowfv2, proofOf, sessionKeyOf, utf16 } from './compute.js';
import { agreed } from './flags.js';
import { type Additions, answeredTargetInfo, timestampOf } from './target-info.js';
import { SIGNATURE, VERSION } from './type1.js';
import type { ServerMessage } from './type2.js';

/** What the last message is made of. */
export interface Ingredients {
  readonly account: NtlmAccount;
  /** The first message, as it was sent. */
  readonly first: Buffer;
  readonly server: ServerMessage;
  readonly additions: Additions;
  /** 8 random bytes. */
  readonly clientChallenge: Buffer;
  /** Milliseconds since 1970, for a server that says no time. */
  readonly now: number;
}

const HEAD = 88;
const MIC_AT = 72;

/** NTLMv2 alone: the field of the LM response is zeros, and there is no session key (MS-NLMP §3.1.5.1.2). */
export function authenticateMessage(ingredients: Ingredients): Buffer {
  const { account, first, server, additions, clientChallenge, now } = ingredients;
  const key = ntowfv2(account);
  const timestamp = timestampOf(server.targetInfo) ?? fileTime(now);
  const targetInfo = answeredTargetInfo(server.targetInfo, additions);
  const blob = blobOf({ timestamp, clientChallenge, targetInfo });
  const proof = proofOf(key, server.challenge, blob);
  const message = lay(agreed(server.flags), {
    lm: Buffer.alloc(24),
    nt: Buffer.concat([proof, blob]),
    domain: utf16(account.domain),
    user: utf16(account.user),
    workstation: Buffer.alloc(0),
    sessionKey: Buffer.alloc(0),
  });
  micOf(sessionKeyOf(key, proof), [first, server.bytes, message]).copy(message, MIC_AT);
  return message;
}

/** In the order of their fields. */
interface Payload {
  readonly lm: Buffer;
  readonly nt: Buffer;
  readonly domain: Buffer;
  readonly user: Buffer;
  readonly workstation: Buffer;
  readonly sessionKey: Buffer;
}

function lay(flags: number, { lm, nt, domain, user, workstation, sessionKey }: Payload): Buffer {
  const head = Buffer.alloc(HEAD);
  SIGNATURE.copy(head);
  head.writeUInt32LE(3, 8);
  head.writeUInt32LE(flags, 60);
  VERSION.copy(head, 64);
  const parts = [lm, nt, domain, user, workstation, sessionKey];
  let offset = HEAD;
  for (const [index, { length }] of parts.entries()) {
    const at = 12 + index * 8;
    head.writeUInt16LE(length, at);
    head.writeUInt16LE(length, at + 2);
    head.writeUInt32LE(offset, at + 4);
    offset += length;
  }
  return Buffer.concat([head, ...parts]);
}
