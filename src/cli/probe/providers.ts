/** Asks each provider for a credential, without asking a person. */

import { clock } from '../../axios/client/clock.js';
import type { Choice } from '../../exchange/challenge/select.js';
import { lookUp } from '../../exchange/provider/find.js';
import type { Happening } from '../../exchange/trace/events.js';
import type { CredentialRequest, Provider } from '../../model.js';
import { openTerminal } from '../../providers/terminal/terminal.js';
import type { Address } from '../input/address.js';
import { versionOf } from '../io/version.js';

/** The answer of one provider for one challenge. */
export interface Opinion {
  /** The challenge: `Digest SHA-256`. */
  readonly challenge: string;
  readonly provider: string;
  readonly outcome: 'found' | 'absent' | 'unusable' | 'failed' | 'would ask';
  readonly username?: string;
  readonly reason?: string;
}

interface Asked {
  readonly sources: readonly Provider[];
  readonly choices: readonly Choice[];
  readonly realm: string;
  readonly address: Address;
  readonly isPersonAsked: boolean;
  readonly signal: AbortSignal;
}

/** The answers in the order of asking. The last is the prompt's, for the challenge that a person would answer. */
export async function opinionsOf(asked: Asked): Promise<Opinion[]> {
  const { choices } = asked;
  const opinions: Opinion[] = [];
  let username: string | undefined;
  for (const choice of choices) {
    for (const provider of asked.sources) {
      const opinion = await opinionOf(provider, choice, username, asked);
      if (opinion.outcome === 'absent') username ??= opinion.username;
      opinions.push(opinion);
    }
  }
  const wanted = choices.find(({ scheme }) => scheme.credential === 'password') ?? choices[0];
  return wanted && asked.isPersonAsked ? [...opinions, promptOpinion(wanted)] : opinions;
}

async function opinionOf(
  provider: Provider,
  choice: Choice,
  username: string | undefined,
  { address, realm, signal }: Asked,
): Promise<Opinion> {
  const { origin, shown: url } = address;
  const given = { origin, realm, url, proxy: false, refused: 0, signal, ...(username !== undefined && { username }) };
  const request: Omit<CredentialRequest, 'scheme'> = Object.assign(Object.create(null), given);
  const opinion: Opinion = { challenge: choice.label, provider: provider.name, outcome: 'absent' };
  let said: Opinion = opinion;
  await lookUp({
    providers: [provider],
    choices: [choice],
    request,
    remaining: 1,
    whom: 'silent',
    previous: undefined,
    hasRefused: () => false,
    refusedUsername: undefined,
    clock,
    record: (event) => {
      if (event.type === 'provider') said = { ...opinion, ...partsOf(event) };
    },
  });
  return said;
}

function partsOf({ outcome, username, reason }: Extract<Happening, { type: 'provider' }>): Partial<Opinion> {
  const line = reason?.replace(/^\w+: /, '');
  return { outcome, ...(username !== undefined && { username }), ...(line !== undefined && { reason: line }) };
}

function promptOpinion({ label }: Choice): Opinion {
  const reason = versionOf('inquirer') === undefined ? 'inquirer is not installed' : noTerminal();
  const opinion = { challenge: label, provider: 'prompt' } as const;
  return reason === undefined ? { ...opinion, outcome: 'would ask' } : { ...opinion, outcome: 'failed', reason };
}

function noTerminal(): string | undefined {
  const terminal = openTerminal({});
  if (typeof terminal === 'string') return terminal;
  terminal.close();
  return undefined;
}
