/** One idea more: a script that nobody watches takes the environment alone, and says why when it fails. */

import axios from 'axios';
import { env, explain, installAuth } from 'axios-challenge';

const client = axios.create();
installAuth(client, { providers: [env()] });

try {
  const { data } = await client.get(process.argv[2] ?? 'https://files.example/report');
  console.log(data);
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
