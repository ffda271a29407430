/** A handshake of NTLM, led by hand over connections that a test holds. */

import { Agent, request } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import type { Answer, Challenge } from '../../src/model.js';
import { ntlm } from '../../src/ntlm.js';
import { parseChallenges } from '../../src/protocol.js';
import { offerOf } from './offer.js';
import { selfSigned } from './tls.js';

/** A response, as far as a handshake goes by it. */
export interface Said {
  readonly status: number;
  readonly challenge: Challenge | undefined;
  readonly body: string;
}

/** One connection of its own. */
export class Line {
  readonly #agent: Agent;
  readonly #request: typeof request;

  constructor(readonly url: string) {
    const options = { keepAlive: true, maxSockets: 1 };
    const isSecure = url.startsWith('https:');
    this.#agent = isSecure ? new TlsAgent({ ...options, ca: selfSigned().cert }) : new Agent(options);
    this.#request = isSecure ? tlsRequest : request;
  }

  say(authorization?: string): Promise<Said> {
    const headers = authorization === undefined ? {} : { authorization };
    return new Promise((resolve, reject) => {
      this.#request(this.url, { agent: this.#agent, headers }, async (response) => {
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
export function hand(url: string, credential: { username: string; password: string }, binding?: Uint8Array) {
  const { origin } = new URL(url);
  const scheme = ntlm({ origins: [origin] });
  const opening = offerOf(scheme, { scheme: 'ntlm', params: {} }).answer(credential);
  const valueIn = async (answer: Answer) =>
    (await answer.authorize({ method: 'GET', uri: '/', origin, binding })).value;
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
