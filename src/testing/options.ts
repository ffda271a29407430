/** The options of the strict server. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Protect } from './protection.js';
import type { ReceivedRequest } from './received-request.js';

/** Which challenges the server sends, and which credentials it accepts. */
export interface ChallengeServerOptions {
  /** User name -> password; default `{ alice: 'wonderland' }`. Read at each request, so a test can change a password. */
  readonly users?: Readonly<Record<string, string>>;
  /** Valid bearer tokens; default `[]`. Read at each request. */
  readonly tokens?: readonly string[];
  /**
   * Which protections guard which path; default Digest SHA-256 for every path. Each protection is one challenge in its
   * own field line, and the client may answer any of them. The keys of a record are path prefixes that end at a segment
   * border; the longest matching prefix wins, and a path without a matching prefix is open.
   */
  readonly protect?: Protect;
  /** Receives every request with its body, before authentication; returns true if it has sent the response itself. */
  readonly onRequest?: (
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
    // biome-ignore lint/suspicious/noConfusingVoidType: a handler without a return statement is the common one
  ) => boolean | void | Promise<boolean | void>;
  /** Answers a request that is accepted or needs no authorization; default 200 with a JSON report of the request. */
  readonly onAuthenticated?: (received: ReceivedRequest, response: ServerResponse) => void | Promise<void>;
  /** Use https with this key and certificate (PEM). */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** The address to listen on; default 127.0.0.1. */
  readonly host?: string;
  /** The port to listen on; default 0: any free port. */
  readonly port?: number;
  /**
   * With 407 the server acts as a proxy (RFC 9110 §11.7): CONNECT opens a tunnel, and the server itself answers
   * requests in absolute-form, with `onAuthenticated`. NTLM lets in a connection, which may then open a tunnel. Default
   * 401.
   */
  readonly status?: 401 | 407;
}
