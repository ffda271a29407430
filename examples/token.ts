/** One idea more: a bearer token that the program holds itself, for one origin. */

import axios from 'axios';
import { installAuth, staticCredential } from 'axios-challenge';

const url = process.argv[2] ?? 'https://files.example/report';
const token = process.argv[3] ?? 'a-token';

const client = axios.create();
installAuth(client, { providers: [staticCredential({ token }, { origin: new URL(url).origin })] });

const { data } = await client.get(url);
console.log(data);
