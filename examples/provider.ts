/** One idea more: a credential from a place of your own. */

import { readFile } from 'node:fs/promises';
import axios from 'axios';
import { installAuth, type Provider } from 'axios-challenge';

const notebook: Provider = {
  name: 'notebook',
  get: async ({ origin }) => JSON.parse(await readFile(process.argv[3] ?? 'notebook.json', 'utf8'))[origin],
};

const client = axios.create();
installAuth(client, { providers: [notebook] });

const { data } = await client.get(process.argv[2] ?? 'https://files.example/report');
console.log(data);
