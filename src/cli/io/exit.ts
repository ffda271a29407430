/** The exit statuses of the program, which scripts can rely on. */

/** The exit statuses; a signal adds its number to 128. */
export const EXIT = {
  ok: 0,
  /** The command failed for a local reason. */
  failed: 1,
  /** The command line itself is wrong; nothing was sent. */
  usage: 2,
  /** The server's 401 was given back, or the server failed to prove itself. */
  refused: 3,
  /** The response had another status of 400 or above. */
  http: 4,
  /** The response did not arrive, or is incomplete. */
  network: 5,
  /** The reader of stdout closed the pipe: 128 and the number of SIGPIPE. */
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
