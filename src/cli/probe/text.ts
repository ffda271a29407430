/** Writes the result of `probe` as text for a person. */

import { phrase, quoted } from '../../syntax/visible.js';
import { paint } from '../io/stdio.js';
import type { Judged, Survey } from './probe.js';
import type { Opinion } from './providers.js';
import { adviceLines } from './token-text.js';

/** One line for each challenge, parameter and provider, and a conclusion. */
export function surveyText(survey: Survey): string {
  const { url, status, challenges, providers, token } = survey;
  const head = `GET ${phrase(url)}  ->  ${status}`;
  if (status < 400) return [head, '', 'The server does not ask for a credential.'].join('\n');
  if (status === 407)
    return [head, '', 'A proxy asks for a credential, and no provider has a credential for it.'].join('\n');
  if (status !== 401) return [head, '', 'The server did not ask for a credential.'].join('\n');
  const parts = [head, challengesText(challenges), ...(providers.length > 0 ? [providersText(providers)] : [])];
  if (token) parts.push([strong('Token'), ...adviceLines(token)].join('\n'));
  return [...parts, conclusion(survey)].join('\n\n');
}

function challengesText(challenges: readonly Judged[]): string {
  if (challenges.length === 0) return 'The response has no readable challenge.';
  return [strong('Challenges'), ...challenges.flatMap(challengeLines)].join('\n');
}

function challengeLines({ label, wouldAnswer, reason, token68, params }: Judged): string[] {
  const verdict = wouldAnswer ? painted('green', 'would be answered') : `not answered: ${phrase(reason ?? '')}`;
  // Each value stays in one row: the terminal would continue a longer value at its left edge.
  const room = process.stdout.isTTY ? Math.max(20, (process.stdout.columns ?? 80) - 19) : undefined;
  const given = token68 === undefined ? Object.entries(params) : [['token68', token68] as const];
  return [
    `  ${phrase(label).padEnd(22)}  ${verdict}`,
    ...given.map(([name, value]) => parameterLine(name, value, room)),
  ];
}

function parameterLine(name: string, value: string, room: number | undefined): string {
  const label = phrase(name).padEnd(10);
  const left = room && Math.max(20, room + 10 - label.length);
  return `    ${label} ${quoted(value, left)}`;
}

function providersText(providers: readonly Opinion[]): string {
  const several = new Set(providers.map(({ challenge }) => challenge)).size > 1;
  return [strong('Providers'), ...providers.map((opinion) => opinionLine(opinion, several))].join('\n');
}

function opinionLine(opinion: Opinion, several: boolean): string {
  const { provider, challenge } = opinion;
  const scheme = several ? `${phrase(challenge).padEnd(22)}  ` : '';
  return `  ${phrase(provider).padEnd(8)}  ${scheme}${said(opinion)}`;
}

function said({ outcome, username, reason }: Opinion): string {
  const name = username === undefined ? 'a token' : phrase(username);
  if (outcome === 'found') return painted('green', name);
  if (outcome === 'would ask') return 'would ask at the terminal';
  return phrase(reason ?? 'has no credential');
}

function conclusion({ challenges, providers, answerable, token }: Survey): string {
  if (!challenges.some(({ wouldAnswer }) => wouldAnswer))
    return `No challenge can be answered${withoutOption(challenges)}, so the result would be the 401.`;
  const remedy = token ? 'the commands above store one' : 'axios-challenge login URL stores one';
  if (!answerable) return `No provider has a credential, so the result would be the 401 (${remedy}).`;
  const found = providers.find(({ outcome }) => outcome === 'found');
  if (!found) return 'The prompt would ask for a credential.';
  const who = found.username === undefined ? 'with a token' : `as ${phrase(found.username)}`;
  return `${phrase(found.challenge)} would be answered ${who} (${phrase(found.provider)}).`;
}

/** What get answers where it is asked to. */
function withoutOption(challenges: readonly Judged[]): string {
  const options = ['negotiate', 'ntlm'].filter((name) => challenges.some(({ scheme }) => scheme === name));
  return options.length === 0 ? '' : ` without ${options.map((name) => `get --${name}`).join(' or ')}`;
}

function strong(text: string): string {
  return painted('bold', text);
}

function painted(format: 'bold' | 'green', text: string): string {
  return paint(format, text, process.stdout);
}
