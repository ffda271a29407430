/** Writes the message of a server by hand (MS-NLMP §2.2.1.2), right or wrong. */

/** Unicode, request target, NTLM, always sign, extended session security, target info, version, 128, 56. */
export const BASE = 0xa2888205;

interface Lies {
  readonly flags?: number;
  readonly pairs?: readonly Buffer[];
  readonly offset?: number;
  readonly length?: number;
  readonly nameOffset?: number;
}

export const utf16 = (text: string) => Buffer.from(text, 'utf16le');

/** One value of the target info. */
export function av(id: number, value = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, value]);
}

const PAIRS = [av(2, utf16('LAB')), av(1, utf16('HOST')), av(7, Buffer.from('0102030405060708', 'hex')), av(0)];

export function serverMessage({ flags = BASE, pairs = PAIRS, offset, length, nameOffset = 56 }: Lies = {}): Buffer {
  const name = utf16('LAB');
  const info = Buffer.concat(pairs);
  const head = Buffer.alloc(56);
  head.write('NTLMSSP\0', 'latin1');
  head.writeUInt32LE(2, 8);
  head.writeUInt16LE(name.length, 12);
  head.writeUInt16LE(name.length, 14);
  head.writeUInt32LE(nameOffset, 16);
  head.writeUInt32LE(flags >>> 0, 20);
  head.write('0123456789abcdef', 24, 'hex');
  head.writeUInt16LE(length ?? info.length, 40);
  head.writeUInt16LE(length ?? info.length, 42);
  head.writeUInt32LE(offset ?? 56 + name.length, 44);
  return Buffer.concat([head, name, info]);
}
