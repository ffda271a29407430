/** What a challenge says about its token, and which command would get one. Nobody logs in. */

import axios from 'axios';
import { AuthError } from '../../errors.js';
import type { Challenge } from '../../model.js';
import { discover } from '../../oauth/discovery/discover.js';
import { fetchJsonOf } from '../../oauth/discovery/fetch-json.js';
import { scopeOf } from '../../oauth/discovery/scopes.js';
import { offersPkce } from '../../oauth/flow/browser.js';
import type { Address } from '../input/address.js';
import { shellWord } from '../send/curl.js';

/** It comes from the server: do not trust it. */
export interface TokenAdvice {
  readonly scope?: string;
  /** Where the server says that its metadata is (RFC 9728 §5.1). */
  readonly metadata?: string;
  /** With `--discover`. */
  readonly issuer?: string;
  readonly resource?: string;
  /** How a person can log in there: `browser`, `device`. */
  readonly flows?: readonly string[];
  /** Why no issuer was found. */
  readonly trouble?: string;
  /** Command lines that log in. Nothing in them comes from the server. */
  readonly commands: readonly string[];
}

interface TokenQuestion {
  readonly challenge: Challenge | undefined;
  readonly address: Address;
  readonly isDiscovering: boolean;
  readonly signal: AbortSignal;
}

export async function tokenAdvice(question: TokenQuestion): Promise<TokenAdvice> {
  const { challenge, address, isDiscovering } = question;
  const metadata = challenge?.params.resource_metadata;
  const found = isDiscovering ? await discovered(question) : {};
  const scope = scopeOf(challenge) ?? found.scope;
  return {
    ...found,
    ...(scope !== undefined && { scope }),
    ...(metadata !== undefined && { metadata }),
    commands: commandsFor(address, metadata !== undefined || found.issuer !== undefined),
  };
}

/** Asks where the challenge points, and the issuer that is named there, for their metadata. */
async function discovered({ challenge, address, signal }: TokenQuestion): Promise<Omit<TokenAdvice, 'commands'>> {
  try {
    const asked = { url: address.url, challenge, issuer: undefined };
    const { issuer, resource, scope, metadata } = await discover(asked, fetchJsonOf(axios.create()), signal);
    const browser = metadata.authorization_endpoint !== undefined && offersPkce(metadata as never) ? ['browser'] : [];
    const device = metadata.device_authorization_endpoint === undefined ? [] : ['device'];
    return { issuer, resource, ...(scope !== undefined && { scope }), flows: [...browser, ...device] };
  } catch (error) {
    if (error instanceof AuthError) return { trouble: error.message };
    throw error;
  }
}

function commandsFor({ shown }: Address, isNamed: boolean): string[] {
  const url = shellWord(shown);
  const issuer = isNamed ? '' : '--issuer ISSUER ';
  return [`axios-challenge login --oauth ${issuer}--client-id ID ${url}`, `axios-challenge login --token-stdin ${url}`];
}
