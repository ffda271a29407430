/** An error of this package about a connection: its message may be shown, because nobody else has written it. */
export class Broken extends Error {
  readonly code = 'ECONNRESET';
}
