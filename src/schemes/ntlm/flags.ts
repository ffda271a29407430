/** The flags of the messages (MS-NLMP §2.2.2.5): those that are asked for, and those that a server has to have. */

const UNICODE = 0x00000001;
const REQUEST_TARGET = 0x00000004;
const NTLM = 0x00000200;
const ALWAYS_SIGN = 0x00008000;
const EXTENDED_SESSION_SECURITY = 0x00080000;
const TARGET_INFO = 0x00800000;
const VERSION = 0x02000000;
const KEY_128 = 0x20000000;
const KEY_56 = 0x80000000;

/** What the first message asks for: no OEM text, no LM, and no key, for nothing is signed or sealed with it. */
export const WANTED =
  (UNICODE |
    REQUEST_TARGET |
    NTLM |
    ALWAYS_SIGN |
    EXTENDED_SESSION_SECURITY |
    TARGET_INFO |
    VERSION |
    KEY_128 |
    KEY_56) >>>
  0;

// Without one of these the answer would be of NTLMv1 or in OEM text: whoever asks for that wants to crack it.
const NEEDED: ReadonlyArray<readonly [flag: number, lack: string]> = [
  [UNICODE, 'it takes no Unicode'],
  [EXTENDED_SESSION_SECURITY, 'it has no extended session security'],
  [TARGET_INFO, 'it has no target info'],
];

/** Why a server with these flags gets no answer; `undefined` when it does. */
export function lackIn(flags: number): string | undefined {
  return NEEDED.find(([flag]) => (flags & flag) === 0)?.[1];
}

/** The flags of the last message: what both sides have. */
export function agreed(flags: number): number {
  return (flags & WANTED) >>> 0;
}
