/** The hashes and keys of NTLMv2 (MS-NLMP §3.3.2), and the hash of a channel binding (RFC 4121 §4.1.1.2). */

import { createHash, createHmac } from 'node:crypto';
import { type NtlmAccount, upperCase } from './account.js';
import { md4 } from './md4.js';

/** What the proof covers beside the server's challenge. */
export interface Blob {
  /** 8 bytes: units of 100 ns since 1601. */
  readonly timestamp: Buffer;
  /** 8 random bytes. */
  readonly clientChallenge: Buffer;
  readonly targetInfo: Buffer;
}

/** NTOWFv2: the key that a password comes to. */
export function ntowfv2({ user, domain, password }: NtlmAccount): Buffer {
  return hmac(md4(utf16(password)), utf16(upperCase(user) + domain));
}

/** `temp` of MS-NLMP §3.3.2. */
export function blobOf({ timestamp, clientChallenge, targetInfo }: Blob): Buffer {
  const zeros = Buffer.alloc(4);
  return Buffer.concat([Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]), timestamp, clientChallenge, zeros, targetInfo, zeros]);
}

/** NTProofStr */
export function proofOf(key: Buffer, serverChallenge: Buffer, blob: Buffer): Buffer {
  return hmac(key, serverChallenge, blob);
}

/** Without an exchange of keys, the session key is the base key. */
export function sessionKeyOf(key: Buffer, proof: Buffer): Buffer {
  return hmac(key, proof);
}

/** The MIC: what nobody could change on the way. The field of the MIC itself is zero in the last message. */
export function micOf(sessionKey: Buffer, messages: readonly Buffer[]): Buffer {
  return hmac(sessionKey, ...messages);
}

/** MD5 of a gss_channel_bindings_struct without addresses; zeros stand for no binding (MS-NLMP §2.2.2.1). */
export function channelBindings(binding: Uint8Array | undefined): Buffer {
  if (!binding) return Buffer.alloc(16);
  const head = Buffer.alloc(20);
  head.writeUInt32LE(binding.length, 16);
  return createHash('md5').update(head).update(binding).digest();
}

/** Units of 100 ns since 1601 (FILETIME). */
export function fileTime(milliseconds: number): Buffer {
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE((BigInt(Math.trunc(milliseconds)) + 11_644_473_600_000n) * 10_000n);
  return time;
}

/** Whether this Node has MD5; in FIPS mode it has not. */
export function hasMd5(): boolean {
  try {
    createHash('md5');
    return true;
  } catch {
    return false;
  }
}

export function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}

function hmac(key: Buffer, ...parts: readonly Buffer[]): Buffer {
  const computing = createHmac('md5', key);
  for (const part of parts) computing.update(part);
  return computing.digest();
}
