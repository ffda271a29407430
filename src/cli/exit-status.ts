/** How the program ends, as a number that scripts can rely on. */

/** The exit statuses; a signal adds its number to 128. */
export const EXIT = {
  ok: 0,
  /** It could not be done, for a reason on this side. */
  failed: 1,
  /** The command line itself is wrong; nothing was sent. */
  usage: 2,
  /** The server's 401 was given back, or the server failed to prove itself. */
  refused: 3,
  /** Another status from 400 on. */
  http: 4,
  /** No response, or one that broke off. */
  network: 5,
  /** Whoever read stdout has left: 128 and SIGPIPE. */
  brokenPipe: 141,
} as const;

/** Ends the command with one sentence on stderr. */
export class Stop extends Error {
  override readonly name = 'Stop';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}
