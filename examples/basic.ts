/** The shortest whole program: a GET that is answered when it is challenged. */

import axios from 'axios';
import { installAuth } from 'axios-challenge';

const client = axios.create();
installAuth(client);

const { data } = await client.get(process.argv[2] ?? 'https://files.example/report');
console.log(data);
