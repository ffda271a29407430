/** The same from CommonJS. */

import axios = require('axios');
import challenge = require('axios-challenge');
import protocol = require('axios-challenge/protocol');

const client: axios.AxiosInstance = axios.create();
const handle: challenge.AuthHandle = challenge.installAuth(client, { providers: [challenge.env()] });
challenge.installAuth(axios);
challenge.installAuth(new axios.Axios());
const request: axios.AxiosRequestConfig = { challenge: { preemptive: false } };
void client.get('/', request).catch((error: unknown) => challenge.explain(error));
// @ts-expect-error: what is no option is refused.
void client.get('/', { challenge: true });
handle.eject();
export = protocol.basicAuthorization('alice', 'wonderland');
