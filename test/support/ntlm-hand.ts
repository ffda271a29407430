/** A handshake of NTLM, led by hand over connections that a test holds. */

import { Agent, request } from 'node:http';
import type { Answer, Challenge } from '../../src/model.js';
import { ntlm } from '../../src/ntlm.js';
import { parseChallenges } from '../../src/protocol.js';
import { offerOf } from './offer.js';

/** A response, as far as a handshake goes by it. */
export interface Said {
  readonly status: number;
  readonly challenge: Challenge | undefined;
  readonly body: string;
}

/** One connection of its own. */
export class Line {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(readonly url: string) {}

  say(authorization?: string): Promise<Said> {
    const headers = authorization === undefined ? {} : { authorization };
    return new Promise((resolve, reject) => {
      request(this.url, { agent: this.#agent, headers }, async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        const [challenge] = parseChallenges(response.headers['www-authenticate'] ?? '');
        resolve({ status: response.statusCode ?? 0, challenge, body: Buffer.concat(chunks).toString() });
      })
        .on('error', reject)
        .end();
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Our side: the first message, and the last one to what the server says. */
export function hand(url: string, credential: { username: string; password: string }) {
  const { origin } = new URL(url);
  const scheme = ntlm({ origins: [origin] });
  const opening = offerOf(scheme, { scheme: 'ntlm', params: {} }).answer(credential);
  const valueIn = async (answer: Answer) => (await answer.authorize({ method: 'GET', uri: '/', origin })).value;
  return {
    first: () => valueIn(opening),
    last: async (challenge: Challenge | undefined): Promise<string> => {
      if (!challenge) throw new Error('the server asks for nothing');
      const refusal = offerOf(scheme, challenge).refusalOf(opening);
      if (refusal.kind !== 'continue') throw new Error(`our side does not go on: ${JSON.stringify(refusal)}`);
      return valueIn(refusal.answer);
    },
  };
}
