/** The target info: what a server says of itself, and what the client adds for the server to check (MS-NLMP §2.2.2.1). */

/** One AV_PAIR. */
export interface AvPair {
  readonly id: number;
  readonly value: Buffer;
}

const END = 0;
const FLAGS = 6;
const TIMESTAMP = 7;
const TARGET_NAME = 9;
const CHANNEL_BINDINGS = 10;

/** MsvAvFlags: the last message has a MIC. */
const HAS_MIC = 2;

/** The pairs without the one that ends them; a string says why they cannot be read. */
export function readTargetInfo(bytes: Buffer): readonly AvPair[] | string {
  const pairs: AvPair[] = [];
  const seen = new Set<number>();
  for (let offset = 0; offset + 4 <= bytes.length; ) {
    const [id, length] = [bytes.readUInt16LE(offset), bytes.readUInt16LE(offset + 2)];
    offset += 4;
    if (id === END) return length === 0 ? pairs : 'its target info ends with a value';
    if (offset + length > bytes.length) return 'a value of its target info is longer than the target info';
    if (seen.has(id)) return 'its target info has a value twice';
    seen.add(id);
    pairs.push({ id, value: bytes.subarray(offset, offset + length) });
    offset += length;
  }
  return 'its target info has no end';
}

/** The time of the server, in units of 100 ns since 1601; `undefined`: it says none that can be used. */
export function timestampOf(pairs: readonly AvPair[]): Buffer | undefined {
  const value = valueIn(pairs, TIMESTAMP);
  return value?.length === 8 ? value : undefined;
}

/** What the client adds. */
export interface Additions {
  /** `HTTP/files.example` */
  readonly targetName: string;
  /** The MD5 of the channel bindings; 16 zeros without TLS. */
  readonly channelBindings: Buffer;
}

/** The target info of the answer: the server's, with flags, channel bindings and target name of the client's (MS-NLMP §3.1.5.1.2). */
export function answeredTargetInfo(pairs: readonly AvPair[], { targetName, channelBindings }: Additions): Buffer {
  const flags = Buffer.alloc(4);
  const given = valueIn(pairs, FLAGS);
  flags.writeUInt32LE(((given?.length === 4 ? given.readUInt32LE(0) : 0) | HAS_MIC) >>> 0);
  const own: readonly AvPair[] = [
    { id: FLAGS, value: flags },
    { id: CHANNEL_BINDINGS, value: channelBindings },
    { id: TARGET_NAME, value: Buffer.from(targetName, 'utf16le') },
  ];
  const kept = pairs.filter(({ id }) => own.every((one) => one.id !== id));
  return Buffer.concat([...kept, ...own, { id: END, value: Buffer.alloc(0) }].map(written));
}

function valueIn(pairs: readonly AvPair[], id: number): Buffer | undefined {
  return pairs.find((pair) => pair.id === id)?.value;
}

function written({ id, value }: AvPair): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, value]);
}
