/** The first message, which says what this client can, and nothing about who or where it is (MS-NLMP §2.2.1.1). */

import { WANTED } from './flags.js';

/** What begins every message. */
export const SIGNATURE = Buffer.from('NTLMSSP\0', 'latin1');

/** Version 10.0 of an operating system, without a build, and revision 15 of NTLM (MS-NLMP §2.2.2.10). */
export const VERSION = Buffer.from([10, 0, 0, 0, 0, 0, 0, 15]);

const LENGTH = 40;

/** 40 bytes: gss-ntlmssp refuses a message without the version. Domain and workstation are empty. */
export function negotiateMessage(): Buffer {
  const message = Buffer.alloc(LENGTH);
  SIGNATURE.copy(message);
  message.writeUInt32LE(1, 8);
  message.writeUInt32LE(WANTED, 12);
  VERSION.copy(message, 32);
  return message;
}
