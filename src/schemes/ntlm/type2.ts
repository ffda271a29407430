/** The message of the server: its challenge, and what it says of itself (MS-NLMP §2.2.1.2). */

import { lackIn } from './flags.js';
import { type AvPair, readTargetInfo } from './target-info.js';
import { SIGNATURE } from './type1.js';

/** A challenge that can be answered. */
export interface ServerMessage {
  /** All of it, as it came: the MIC covers it. */
  readonly bytes: Buffer;
  readonly flags: number;
  /** 8 bytes. */
  readonly challenge: Buffer;
  readonly targetInfo: readonly AvPair[];
}

// The fields up to and with those of the target info; a version may follow.
const HEAD = 48;
// The target info of a domain controller has some 200 bytes. The answer repeats it, in a field of less than 64 KiB.
const MAX_MESSAGE = 16_384;
const MAX_TARGET_INFO = 8192;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Reads the value after `NTLM`; a string says why the message cannot be answered. */
export function readServerMessage(token68: string): ServerMessage | string {
  const bytes = Buffer.from(token68, 'base64');
  if (!BASE64.test(token68) || bytes.toString('base64') !== token68) return 'its message is not base64';
  if (bytes.length < HEAD || !bytes.subarray(0, 8).equals(SIGNATURE)) return 'its message is none of NTLM';
  if (bytes.readUInt32LE(8) !== 2) return 'its message is not the one that is due';
  if (bytes.length > MAX_MESSAGE) return 'its message is too long';
  const flags = bytes.readUInt32LE(20);
  const lack = lackIn(flags);
  if (lack !== undefined) return `${lack}, so that only the older, weaker NTLM would be left`;
  const targetName = field(bytes, 12);
  const written = field(bytes, 40);
  if (!targetName || !written) return 'a field of its message lies outside the message';
  if (written.length > MAX_TARGET_INFO) return 'its target info is too long';
  const targetInfo = readTargetInfo(written);
  if (typeof targetInfo === 'string') return targetInfo;
  return { bytes, flags, challenge: bytes.subarray(24, 32), targetInfo };
}

/** Length, allocated length and offset, at `at`; an empty field may lie anywhere. */
function field(bytes: Buffer, at: number): Buffer | undefined {
  const [length, offset] = [bytes.readUInt16LE(at), bytes.readUInt32LE(at + 4)];
  if (length === 0) return Buffer.alloc(0);
  if (offset < HEAD || offset + length > bytes.length) return undefined;
  return bytes.subarray(offset, offset + length);
}
