/** One idea more: the protocol without axios, here with fetch. */

import { digestAuthorization, parseChallenges } from 'axios-challenge/protocol';
import { challengeServer } from 'axios-challenge/testing';

const server = await challengeServer({ users: { alice: 'wonderland' } });
const first = await fetch(`${server.url}/report`);
const [challenge] = parseChallenges(first.headers.get('www-authenticate') ?? '');
if (!challenge) throw new Error('the server did not challenge');

const credential = { username: 'alice', password: 'wonderland' };
const authorization = digestAuthorization({ challenge, ...credential, method: 'GET', uri: '/report' });
const second = await fetch(`${server.url}/report`, { headers: { authorization } });

console.log(first.status, challenge.scheme, challenge.params.algorithm, second.status);
await server.close();
