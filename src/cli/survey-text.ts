/** What `probe` found, as text for a person. */

import { quoted, visible } from '../syntax/visible.js';
import type { Opinion } from './opinions.js';
import type { Judged, Survey } from './survey.js';
import { paint } from './talk.js';

/** A line a fact. */
export function surveyText(survey: Survey): string {
  const { url, status, challenges, providers } = survey;
  const head = `GET ${visible(url)}  ->  ${status}`;
  if (status < 400) return [head, '', 'The server asks for no credential.'].join('\n');
  if (status === 407) return [head, '', 'A proxy on the way asks for a credential, and nobody has one.'].join('\n');
  if (status !== 401) return [head, '', 'The server has not asked for a credential.'].join('\n');
  const parts = [head, challengesText(challenges), ...(providers.length > 0 ? [providersText(providers)] : [])];
  return [...parts, conclusion(survey)].join('\n\n');
}

function challengesText(challenges: readonly Judged[]): string {
  if (challenges.length === 0) return 'The response has no challenge that can be read.';
  return [strong('Challenges'), ...challenges.flatMap(challengeLines)].join('\n');
}

function challengeLines({ label, wouldAnswer, reason, token68, params }: Judged): string[] {
  const verdict = wouldAnswer ? painted('green', 'would be answered') : `not answered: ${visible(reason ?? '')}`;
  const given = token68 === undefined ? Object.entries(params) : [['token68', token68] as const];
  return [
    `  ${visible(label).padEnd(22)}  ${verdict}`,
    ...given.map(([name, value]) => `    ${visible(name).padEnd(11)}${quoted(value)}`),
  ];
}

function providersText(providers: readonly Opinion[]): string {
  const several = new Set(providers.map(({ challenge }) => challenge)).size > 1;
  return [strong('Providers'), ...providers.map((opinion) => opinionLine(opinion, several))].join('\n');
}

function opinionLine(opinion: Opinion, several: boolean): string {
  const { provider, challenge } = opinion;
  const scheme = several ? `${visible(challenge).padEnd(22)}  ` : '';
  return `  ${visible(provider).padEnd(8)}  ${scheme}${said(opinion)}`;
}

function said({ outcome, username, reason }: Opinion): string {
  const name = username === undefined ? 'a token' : visible(username);
  if (outcome === 'found') return painted('green', name);
  if (outcome === 'would ask') return 'would ask at the terminal';
  return visible(reason ?? 'has none');
}

function conclusion({ challenges, providers, answerable }: Survey): string {
  if (!challenges.some(({ wouldAnswer }) => wouldAnswer))
    return 'No challenge can be answered: the 401 would be given back.';
  if (!answerable) return 'Nobody has a credential: the 401 would be given back (axios-challenge login URL keeps one).';
  const found = providers.find(({ outcome }) => outcome === 'found');
  if (!found) return 'A person would be asked.';
  const who = found.username === undefined ? 'with a token' : `as ${visible(found.username)}`;
  return `It would be answered with ${visible(found.challenge)}, ${who} (${visible(found.provider)}).`;
}

function strong(text: string): string {
  return painted('bold', text);
}

function painted(format: 'bold' | 'green', text: string): string {
  return paint(format, text, process.stdout);
}
