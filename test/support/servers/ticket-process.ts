/** The process of ticket-client.ts. */

import { copyFile } from 'node:fs/promises';
import axios, { isAxiosError } from 'axios';
import { basic, explain, installAuth, staticCredential } from '../../../src/index.js';
import { negotiateWith } from '../../../src/schemes/negotiate/negotiate.js';
import type { TicketStory } from './ticket-client.js';
import { Wire } from './wire.js';

const [, , library = '', told = ''] = process.argv;
const { origin, paths, atOnce, principal, nextCache, mutual, password }: TicketStory = JSON.parse(told);

const wire = new Wire();
wire.listen(origin);
const client = axios.create({ baseURL: origin, proxy: false, validateStatus: null });
const options = { origins: [origin], ...(principal !== undefined && { principal }) };
installAuth(client, {
  schemes: [negotiateWith(options, () => import(library)), basic()],
  providers: password ? [staticCredential(password, { origin })] : [],
  ...(mutual && { mutual }),
});

async function get(path: string) {
  try {
    const response = await client.get(path);
    return { status: response.status, user: response.headers['x-user'], text: explain(response) };
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    return { code, text: isAxiosError(error) ? explain(error) : message };
  }
}

const results = [];
if (atOnce) results.push(...(await Promise.all(paths.map(get))));
else
  for (const path of paths) {
    if (nextCache && results.length === 1) await copyFile(nextCache, String(process.env.KRB5CCNAME).slice(5));
    results.push(await get(path));
  }
wire.stop();
const sends = wire.sends.map(({ authorization = '', status }) => [authorization.split(' ')[0], status]);
process.stdout.write(JSON.stringify({ results, sends }));
