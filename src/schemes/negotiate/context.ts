/** The security contexts of a scheme: each makes the tokens of one handshake, with the ticket of this machine. */

import { AuthError } from '../../errors.js';
import { isLoopback } from '../../syntax/loopback.js';
import { parseUrl } from '../../syntax/url.js';
import { type KerberosClient, type KerberosLibrary, type LoadKerberos, loadKerberos } from './library.js';
import { troubleIn } from './trouble.js';

/** Whose ticket, and what may be done with it. */
export interface TicketUse {
  readonly principal: string | undefined;
  readonly delegate: boolean;
  readonly load: LoadKerberos | undefined;
}

const NTLM = Buffer.from('NTLMSSP\0', 'latin1');

// In milliseconds. A token says when it was made, and the ticket may be another person's soon.
const MAX_AGE = 1000;

/** Begins handshakes. */
export class Tickets {
  /** What was begun to see whether that can be done, by origin: the handshake that follows at once goes on with it. */
  readonly #begun = new Map<string, { readonly context: SecurityContext; readonly time: number }>();

  constructor(private readonly use: TicketUse) {}

  /** @throws AuthError `ERR_AUTH_PROVIDER` where no handshake with an origin can begin */
  async check(origin: string): Promise<void> {
    this.#begun.set(origin, { context: await this.#open(origin), time: performance.now() });
  }

  /** A context for an origin, with its first token. @throws AuthError ERR_AUTH_PROVIDER */
  async begin(origin: string): Promise<SecurityContext> {
    const begun = this.#begun.get(origin);
    this.#begun.delete(origin);
    return begun && performance.now() - begun.time < MAX_AGE ? begun.context : this.#open(origin);
  }

  /** No name is looked up for it. */
  async #open(origin: string): Promise<SecurityContext> {
    const { principal, delegate, load } = this.use;
    const library = await loadKerberos(load);
    const service = serviceOf(origin);
    const mechOID = library.GSS_MECH_OID_SPNEGO;
    // The types of kerberos 7 call it gssFlag, and its code reads `flags`.
    // Without a prototype: what is on Object.prototype is no principal, and no password (SEC-28).
    const options = Object.assign(Object.create(null), { mechOID, flags: flagsOf(library, delegate) });
    if (principal !== undefined) options.principal = principal;
    try {
      const client = await library.initializeClient(service, options);
      return new SecurityContext(origin, client, (await client.step('')) ?? '');
    } catch (error) {
      if (error instanceof AuthError) throw error;
      throw new AuthError('ERR_AUTH_PROVIDER', troubleIn(error, { service, principal }), { cause: error });
    }
  }
}

function flagsOf(library: KerberosLibrary, delegate: boolean): number {
  const asked = library.GSS_C_MUTUAL_FLAG | library.GSS_C_SEQUENCE_FLAG;
  return delegate ? asked | library.GSS_C_DELEG_FLAG : asked;
}

/** The service principal name, from the host as it is written in the URL (RFC 4559 §4.1). SSPI writes it with a slash. */
function serviceOf(origin: string): string {
  const host = parseUrl(origin)?.hostname.replace(/^\[|\]$/g, '') ?? '';
  return `HTTP${process.platform === 'win32' ? '/' : '@'}${host}`;
}

/** One handshake. */
export class SecurityContext {
  #token: string;
  #isNtlm = false;

  /** @throws AuthError ERR_AUTH_PROVIDER */
  constructor(
    private readonly origin: string,
    private readonly client: KerberosClient,
    token: string,
  ) {
    this.#token = this.#checked(token);
  }

  /** The newest token: base64. */
  get token(): string {
    return this.#token;
  }

  /** Whether the mechanism that was agreed on is NTLM, which proves nothing about the server. */
  get isNtlm(): boolean {
    return this.#isNtlm;
  }

  /** The token that follows a message of the server. @throws AuthError ERR_AUTH_PROVIDER */
  async follow(message: string): Promise<this> {
    const token = await this.client.step(message).catch((error: unknown) => {
      throw new AuthError('ERR_AUTH_PROVIDER', "the server's message of Negotiate is not taken", { cause: error });
    });
    this.#token = this.#checked(token ?? '');
    return this;
  }

  /** Whether the final message proves that the server is the one that the ticket is for; `undefined`: none is due. */
  async verify(message: string | undefined): Promise<boolean | undefined> {
    if (message === undefined || this.client.contextComplete) return undefined;
    try {
      await this.client.step(message);
    } catch {
      return false;
    }
    if (!this.client.contextComplete) return false;
    return this.#isNtlm ? undefined : true;
  }

  #checked(token: string): string {
    if (token === '') throw new AuthError('ERR_AUTH_PROVIDER', 'there is no further token of Negotiate to send');
    this.#isNtlm ||= Buffer.from(token, 'base64').includes(NTLM);
    if (this.#isNtlm && !isPrivate(this.origin))
      throw new AuthError('ERR_AUTH_PROVIDER', 'without a ticket there is only NTLM, which is not sent over http');
    return token;
  }
}

/** Whether nobody but this machine and the server can see, and so relay, what is sent. */
function isPrivate(origin: string): boolean {
  const url = parseUrl(origin);
  return url !== undefined && (url.protocol === 'https:' || isLoopback(url.hostname));
}
