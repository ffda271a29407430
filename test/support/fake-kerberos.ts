/** A package in place of kerberos: its tokens say in clear what they are, for a judge that knows nothing of our scheme. */

import { randomUUID } from 'node:crypto';

/** How the fake behaves, and what it was asked. */
export interface FakeKerberos {
  readonly load: () => Promise<unknown>;
  /** What initializeClient was called with. */
  readonly asked: Array<{ readonly service: string; readonly options: Record<string, unknown> }>;
  /** How often it was loaded. */
  loads: number;
  /** What it throws when a context begins: no ticket, a wrong service. */
  trouble: string | (() => string | undefined) | undefined;
  /** Whether it has no ticket and agrees on NTLM, which takes two messages. */
  ntlm: boolean;
}

const base64 = (text: string) => Buffer.from(text, 'latin1').toString('base64');

/** A ticket of alice. */
export function fakeKerberos(): FakeKerberos {
  const fake: FakeKerberos = {
    asked: [],
    loads: 0,
    trouble: undefined,
    ntlm: false,
    load: async () => {
      fake.loads += 1;
      return { default: library(fake) };
    },
  };
  return fake;
}

function library(fake: FakeKerberos) {
  return {
    GSS_MECH_OID_SPNEGO: 6,
    GSS_C_DELEG_FLAG: 1,
    GSS_C_MUTUAL_FLAG: 2,
    GSS_C_SEQUENCE_FLAG: 8,
    initializeClient: async (service: string, options: Record<string, unknown>) => {
      fake.asked.push({ service, options });
      return new Client(fake, service);
    },
  };
}

class Client {
  contextComplete = false;
  readonly #serial = randomUUID();
  readonly #isNtlm: boolean;
  #steps = 0;

  constructor(
    private readonly fake: FakeKerberos,
    private readonly service: string,
  ) {
    this.#isNtlm = fake.ntlm;
  }

  async step(message: string): Promise<string> {
    if (this.contextComplete) throw new Error('the context is complete');
    this.#steps += 1;
    if (this.#steps === 1) return this.#first();
    const text = Buffer.from(message, 'base64').toString('latin1');
    if (text === `final ${this.#serial}`) {
      this.contextComplete = true;
      return '';
    }
    if (text !== `more ${this.#serial}`) throw new Error('Decrypt integrity check failed');
    return base64(`${this.#isNtlm ? 'NTLMSSP\0' : ''}token ${this.#steps} ${this.#serial} ${this.service}`);
  }

  #first(): string {
    const { trouble } = this.fake;
    const said = typeof trouble === 'function' ? trouble() : trouble;
    if (said !== undefined) throw new Error(said);
    return base64(`${this.#isNtlm ? 'NTLMSSP\0' : ''}token 1 ${this.#serial} ${this.service}`);
  }
}
