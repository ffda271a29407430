/** Writes what `probe` says about a token. */

import { phrase } from '../../syntax/visible.js';
import type { TokenAdvice } from './token.js';

export function adviceLines(advice: TokenAdvice): string[] {
  return [`  ${summary(advice)}`, ...advice.commands.map((command) => `  ${command}`)];
}

/** `asks for a token for files:read; metadata at https://...; issuer https://id.example (device, browser)` */
function summary({ scope, metadata, issuer, flows = [], trouble }: TokenAdvice): string {
  const ways = flows.length === 0 ? 'no login for a person' : flows.join(', ');
  return [
    `asks for a token${scope === undefined ? '' : ` for ${phrase(scope)}`}`,
    ...(metadata === undefined ? [] : [`metadata at ${phrase(metadata)}`]),
    ...(issuer === undefined ? [] : [`issuer ${phrase(issuer)} (${ways})`]),
    ...(trouble === undefined ? [] : [phrase(trouble)]),
  ].join('; ');
}
