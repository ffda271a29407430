/** Asks for NTLM, and judges the messages that answer it: each connection is authorized by itself (MS-NTHT §3.2). */

import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Authorization } from './authorization.js';
import type { Connection, Judge, Verdict } from './judge.js';
import { md4 } from './ntlm-md4.js';
import {
  checkFirst,
  EXTENDED_SECURITY,
  kindOf,
  type Proof,
  readLast,
  secondMessage,
  TARGET_INFO,
  utf16,
} from './ntlm-messages.js';
import type { NtlmProtection } from './protection.js';
import type { Draft } from './received-request.js';
import { findUser } from './users.js';
import { forbid, Violation } from './violation.js';

/** What the server knows. */
export interface NtlmKnowledge {
  readonly users: Readonly<Record<string, string>>;
  /** The certificate, as DER; undefined: no TLS. */
  readonly certificate?: Buffer | undefined;
  /** The host of a proxy; undefined: the server is an origin, and each request names it. */
  readonly proxy?: string | undefined;
}

/** A handshake under way, or done. */
interface State {
  readonly first: Buffer;
  readonly second: Buffer;
  readonly challenge: Buffer;
  user?: string;
}

/** The judge of one NTLM challenge. */
export function ntlmJudge(protection: NtlmProtection, knowledge: NtlmKnowledge): Judge {
  const connections = new WeakMap<Connection, State>();
  const { domain = 'LAB' } = protection;
  const begin = (first: Buffer, connection: Connection): Verdict => {
    checkFirst(first);
    if (protection.answers === 'never') return { refused: { reason: 'no handshake' } };
    const challenge = randomBytes(8);
    const second = secondMessage({
      domain,
      computer: 'LABHOST',
      challenge,
      lacking: lackOf(protection),
      now: protection.timestamp === false ? undefined : Date.now(),
      hasTargetInfo: protection.targetInfo !== false,
    });
    connections.set(connection, { first, second, challenge });
    return { refused: { reason: 'the handshake goes on', message: second.toString('base64') } };
  };
  const end = (last: Buffer, received: Draft, connection: Connection): Verdict => {
    const state = connections.get(connection);
    if (!state || state.user !== undefined) throw new Violation('ntlm: the last message of no handshake here');
    const proof = readLast(last);
    received.user = proof.user;
    checkTarget(proof, knowledge.proxy ?? hostOf(received));
    checkBinding(proof, knowledge.certificate);
    connections.delete(connection);
    const user = rightUser(proof, state, { domain, users: knowledge.users });
    if (user === undefined) return { refused: { reason: 'wrong user name or password' } };
    connections.set(connection, { ...state, user });
    return { accepted: { user } };
  };
  return {
    scheme: 'ntlm',
    challenge: (refusal) => [refusal?.message === undefined ? 'NTLM' : `NTLM ${refusal.message}`],
    isMine: ({ scheme }) => scheme === 'ntlm',
    holds: (connection) => connections.get(connection)?.user,
    judge(authorization, received, connection) {
      const message = messageIn(authorization);
      const kind = kindOf(message);
      forbid(kind !== 1 && kind !== 3, 'ntlm: not a message of a client');
      if (kind === 1 || protection.answers === 'always') return begin(kind === 1 ? message : FIRST, connection);
      return end(message, received, connection);
    },
  };
}

/** A first message, in place of the last one that a server without an end does not look at. */
const FIRST = Buffer.from('4e544c4d5353500001000000058288a2'.padEnd(80, '0'), 'hex');

function lackOf({ extendedSecurity, targetInfo }: NtlmProtection): number {
  return (extendedSecurity === false ? EXTENDED_SECURITY : 0) | (targetInfo === false ? TARGET_INFO : 0);
}

function messageIn({ token68 = '' }: Authorization): Buffer {
  const message = Buffer.from(token68, 'base64');
  forbid(token68 === '' || message.toString('base64') !== token68, 'ntlm: not one base64 value (RFC 4648 §4)');
  return message;
}

function hostOf({ headers }: Draft): string {
  return (headers.host ?? '').replace(/:\d+$/, '');
}

/** MsvAvTargetName: the service, and the host as the client addressed it. */
function checkTarget({ values }: Proof, host: string): void {
  const name = values.get(9)?.toString('utf16le');
  forbid(name !== `HTTP/${host}`, 'ntlm: the target name is not HTTP/ and the host that was addressed');
}

/** RFC 5929 §4: the certificate of this test's server is signed with SHA-256. */
function checkBinding({ values }: Proof, certificate: Buffer | undefined): void {
  const given = values.get(10);
  if (!given) throw new Violation('ntlm: no channel bindings, not even zeros');
  forbid(
    !given.equals(certificate ? bindingOf(certificate) : Buffer.alloc(16)),
    'ntlm: the binding of another channel',
  );
}

function bindingOf(certificate: Buffer): Buffer {
  const data = Buffer.concat([Buffer.from('tls-server-end-point:'), createHash('sha256').update(certificate).digest()]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(data.length);
  return createHash('md5')
    .update(Buffer.concat([Buffer.alloc(16), length, data]))
    .digest();
}

/** MS-NLMP §3.3.2. */
function rightUser(
  { domain, user, proof, blob, mic, withoutMic }: Proof,
  { first, second, challenge }: State,
  own: { readonly domain: string; readonly users: Readonly<Record<string, string>> },
): string | undefined {
  if (domain !== '' && domain.toUpperCase() !== own.domain.toUpperCase()) return undefined;
  const known = findUser(own.users, (name) => name.toUpperCase() === user.toUpperCase());
  if (!known) return undefined;
  const key = hmac(md4(utf16(known.password)), utf16(user.toUpperCase() + domain));
  if (!hmac(key, Buffer.concat([challenge, blob])).equals(proof)) return undefined;
  const right = hmac(hmac(key, proof), Buffer.concat([first, second, withoutMic]));
  forbid(!right.equals(mic), 'ntlm: the MIC is not that of these three messages');
  return known.name;
}

function hmac(key: Buffer, bytes: Buffer): Buffer {
  return createHmac('md5', key).update(bytes).digest();
}
