/** What the strict server can be told to be. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Protect } from './protection.js';
import type { ReceivedRequest } from './received-request.js';

/** What the server asks for, and of whom. */
export interface ChallengeServerOptions {
  /** User name -> password; default `{ alice: 'wonderland' }`. Read at each request, so a test can change a password. */
  readonly users?: Readonly<Record<string, string>>;
  /** Valid bearer tokens; default none. Read at each request. */
  readonly tokens?: readonly string[];
  /**
   * What guards which path; default Digest SHA-256 for everything. Several protections are several challenges, each in
   * its own field line, and any of them may be answered. A record goes by path prefix at segment borders, the longest
   * wins, and paths not listed are open.
   */
  readonly protect?: Protect;
  /** Sees every request before any authentication, its body read; returning true says that it has answered. */
  readonly onRequest?: (
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
    // biome-ignore lint/suspicious/noConfusingVoidType: a handler without a return statement is the common one
  ) => boolean | void | Promise<boolean | void>;
  /** Answers an accepted or open request; default 200 and JSON that says what was received. */
  readonly onAuthenticated?: (received: ReceivedRequest, response: ServerResponse) => void | Promise<void>;
  /** Speak https with this key and certificate (PEM). */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: a free one. */
  readonly port?: number;
  /**
   * 407 plays a proxy (RFC 9110 §11.7): CONNECT opens a tunnel, and requests in absolute-form are answered here, as
   * `onAuthenticated` says. Default 401.
   */
  readonly status?: 401 | 407;
}
