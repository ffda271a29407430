/** The examples printed in the RFCs (rfc-examples.json), with types. */

import { readFileSync } from 'node:fs';

interface Example {
  readonly id: string;
  readonly source: string;
}

export interface ChallengeExample extends Example {
  readonly input: string | string[];
  readonly expect: {
    readonly challenges: ReadonlyArray<{ scheme: string; token68?: string; params: Record<string, string> }>;
  };
}

export interface DigestExample extends Example {
  readonly challenge: string;
  readonly username: string;
  readonly password: string;
  readonly method: string;
  readonly uri: string;
  readonly cnonce?: string;
  readonly nc: number;
  readonly expect: { readonly params: Record<string, string> };
}

export interface BasicExample extends Example {
  readonly username: string;
  readonly password: string;
  readonly expect: { readonly header: string };
}

export interface SpaceExample extends Example {
  readonly scheme: string;
  readonly challengeUrl: string;
  readonly realm: string;
  readonly candidateUrl: string;
  readonly expect: { readonly send: boolean };
}

export const rfc: {
  readonly challenges: readonly ChallengeExample[];
  readonly digest: readonly DigestExample[];
  readonly basic: readonly BasicExample[];
  readonly protectionSpace: readonly SpaceExample[];
} = JSON.parse(readFileSync(new URL('./rfc-examples.json', import.meta.url), 'utf8'));
