/** How far an exchange with one party has come: a value, which each step replaces. */

export interface State {
  /** How many challenges were answered; the messages of a handshake count as one. */
  readonly answers: number;
  /** How many of the answers had only another nonce, or another spelling. */
  readonly renewals: number;
  /** How many of the answers met a challenge about something else. */
  readonly detours: number;
  /** How many messages of handshakes were followed by another one. */
  readonly messages: number;
  /** How often a connection that was authenticated turned out not to be any more. */
  readonly lapses: number;
  /** What tokens that grant more were asked for, each once. */
  readonly stepUps: readonly string[];
  /** Whether a message was let in that the body did not go with. */
  readonly isLetInEarly: boolean;
}

export const BEGINNING: State = {
  answers: 0,
  renewals: 0,
  detours: 0,
  messages: 0,
  lapses: 0,
  stepUps: [],
  isLetInEarly: false,
};
