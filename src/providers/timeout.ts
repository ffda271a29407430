/** The time limits of providers. */

/** Milliseconds after a provider's own time limit, so that its own error message wins over that of the exchange. */
export const GRACE_MS = 1000;
