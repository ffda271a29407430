/** One server a test, closed after it. */

import {
  type ChallengeServer,
  type ChallengeServerOptions,
  challengeServer,
  type DigestProtection,
} from '../../../src/testing/challenge-server.js';
import { ask, by, type Hand, type Question } from './by-hand.js';

export let server: ChallengeServer;

afterEach(() => server.close());

export async function start(options: ChallengeServerOptions = {}) {
  server = await challengeServer(options);
}

/** A server with one Digest protection, and the challenge it begins with. */
export async function startDigest(protection: Partial<DigestProtection> = {}, options: ChallengeServerOptions = {}) {
  await start({ protect: { scheme: 'digest', algorithm: 'SHA-256', ...protection }, ...options });
  return (await send()).challenges[0];
}

export const send = (question?: Question) => ask(server.url, question);

/** Sends the answer to the challenge, made by hand. */
export const sendBy = (challenge: string | undefined, hand?: Hand, question?: Question) =>
  send({ ...question, headers: by(challenge, hand) });

export const statuses = () => server.requests.map(({ status }) => status);
