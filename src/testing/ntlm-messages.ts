/** The messages of NTLM as a strict server reads and writes them (MS-NLMP §2.2.1). */

import { forbid } from './violation.js';

/** What a server says of itself. */
export interface Self {
  readonly domain: string;
  readonly computer: string;
  readonly challenge: Buffer;
  /** Flags that it does not have. */
  readonly lacking: number;
  /** Milliseconds since 1970; undefined: it says no time. */
  readonly now: number | undefined;
  readonly hasTargetInfo: boolean;
}

/** The last message, taken apart. */
export interface Proof {
  readonly domain: string;
  readonly user: string;
  readonly proof: Buffer;
  /** What is hashed with the server's challenge: all of the response after the proof. */
  readonly blob: Buffer;
  /** The values of the target info in the response, by id. */
  readonly values: ReadonlyMap<number, Buffer>;
  readonly mic: Buffer;
  /** The message with zeros in place of its MIC. */
  readonly withoutMic: Buffer;
}

export const UNICODE = 0x1;
export const OEM = 0x2;
export const LM_KEY = 0x80;
export const EXTENDED_SECURITY = 0x80000;
export const TARGET_INFO = 0x800000;
const KEY_EXCHANGE = 0x40000000;
// Unicode, request target, NTLM, always sign, domain, extended security, target info, version, 128, 56.
const FLAGS = 0xa28a8205 | 0x10000;

const SIGNATURE = 'NTLMSSP\0';

/** The number of the message; throws a Violation for what is none. */
export function kindOf(message: Buffer): number {
  forbid(message.length < 12 || message.toString('latin1', 0, 8) !== SIGNATURE, 'ntlm: not a message of NTLM');
  return message.readUInt32LE(8);
}

/** Checks the first message (§2.2.1.1): everything that the answer needs, and nothing about the client. */
export function checkFirst(message: Buffer): void {
  forbid(message.length !== 40, 'ntlm: the first message has no version, or more than that (40 bytes)');
  const flags = message.readUInt32LE(12);
  const needed = UNICODE | EXTENDED_SECURITY | TARGET_INFO;
  forbid((flags & needed) !== needed, 'ntlm: the first message lacks Unicode, extended security or target info');
  forbid((flags & (OEM | LM_KEY)) !== 0, 'ntlm: the first message offers OEM text or an LM key');
  forbid(message.readUInt16LE(16) + message.readUInt16LE(24) > 0, 'ntlm: the first message names the client');
}

/** Writes the server's message (§2.2.1.2). */
export function secondMessage({ domain, computer, challenge, lacking, now, hasTargetInfo }: Self): Buffer {
  const name = utf16(domain);
  const pairs = [av(2, name), av(1, utf16(computer)), ...(now === undefined ? [] : [av(7, fileTime(now))]), av(0)];
  const info = hasTargetInfo ? Buffer.concat(pairs) : Buffer.alloc(0);
  const head = Buffer.alloc(56);
  head.write(SIGNATURE, 'latin1');
  head.writeUInt32LE(2, 8);
  writeField(head, 12, name.length, 56);
  head.writeUInt32LE((FLAGS & ~lacking) >>> 0, 20);
  challenge.copy(head, 24);
  writeField(head, 40, info.length, 56 + name.length);
  Buffer.from('0a00000000000f00', 'hex').copy(head, 48);
  return Buffer.concat([head, name, info]);
}

/** Reads the last message (§2.2.1.3); throws a Violation for anything but NTLMv2 with a MIC. */
export function readLast(message: Buffer): Proof {
  forbid(message.length < 88, 'ntlm: the last message has no room for a MIC');
  const [lm, nt, domain, user] = [12, 20, 28, 36, 44, 52].map((at) => part(message, at)) as Fields;
  const flags = message.readUInt32LE(60);
  forbid((flags & (OEM | LM_KEY | KEY_EXCHANGE)) !== 0, 'ntlm: the last message has flags of OEM, LM or a key');
  forbid((flags & UNICODE) === 0, 'ntlm: the last message is not in Unicode');
  forbid(nt.length <= 24, 'ntlm: the response is one of NTLMv1');
  forbid(lm.length !== 24 || lm.some((byte) => byte !== 0), 'ntlm: an LM response (§3.1.5.1.2: 24 zeros)');
  forbid(nt.length < 16 + 28 || nt.readUInt16LE(16) !== 0x0101, 'ntlm: the response is none of NTLMv2');
  const values = readPairs(nt.subarray(16 + 28));
  const isMicAnnounced = ((values.get(6)?.readUInt32LE(0) ?? 0) & 2) !== 0;
  forbid(!isMicAnnounced, 'ntlm: the target info of the response does not say that there is a MIC');
  const withoutMic = Buffer.from(message).fill(0, 72, 88);
  const [proof, blob] = [nt.subarray(0, 16), nt.subarray(16)];
  const names = { domain: domain.toString('utf16le'), user: user.toString('utf16le') };
  return { ...names, proof, blob, values, mic: message.subarray(72, 88), withoutMic };
}

type Fields = [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];

function part(message: Buffer, at: number): Buffer {
  const [length, offset] = [message.readUInt16LE(at), message.readUInt32LE(at + 4)];
  forbid(length > 0 && (offset < 88 || offset + length > message.length), 'ntlm: a field lies outside the message');
  return length === 0 ? Buffer.alloc(0) : message.subarray(offset, offset + length);
}

function readPairs(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const values = new Map<number, Buffer>();
  let at = 0;
  for (;;) {
    forbid(at + 4 > bytes.length, 'ntlm: the target info of the response has no end');
    const [id, length] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)];
    if (id === 0) return values;
    forbid(values.has(id), `ntlm: the target info has the value ${id} twice`);
    forbid(at + 4 + length > bytes.length, 'ntlm: a value lies outside the target info');
    values.set(id, bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
}

function av(id: number, value: Buffer = Buffer.alloc(0)): Buffer {
  const pair = Buffer.alloc(4);
  pair.writeUInt16LE(id, 0);
  pair.writeUInt16LE(value.length, 2);
  return Buffer.concat([pair, value]);
}

function writeField(head: Buffer, at: number, length: number, offset: number): void {
  head.writeUInt16LE(length, at);
  head.writeUInt16LE(length, at + 2);
  head.writeUInt32LE(offset, at + 4);
}

function fileTime(now: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(now + 11_644_473_600_000) * 10_000n);
  return bytes;
}

export function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}
