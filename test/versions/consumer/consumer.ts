/** What a program in TypeScript writes; it is compiled with the types of every axios, and not run. */

import axios, { type AxiosError, type AxiosInstance, type AxiosRequestConfig, type AxiosResponse } from 'axios';
import {
  type AuthError,
  type AuthHandle,
  type AuthOptions,
  basic,
  digest,
  env,
  explain,
  installAuth,
  type Provider,
  staticCredential,
  trace,
} from 'axios-challenge';
import { type NegotiateOptions, negotiate } from 'axios-challenge/negotiate';
import { type NtlmOptions, ntlm } from 'axios-challenge/ntlm';
import { type OAuthOptions, oauth, type TokenStore } from 'axios-challenge/oauth';
import { parseChallenges } from 'axios-challenge/protocol';
import { type ChallengeServer, challengeServer } from 'axios-challenge/testing';

const server: ChallengeServer = await challengeServer();
const client: AxiosInstance = axios.create({ baseURL: server.url });
const provider: Provider = { name: 'mine', get: async ({ origin }) => ({ username: 'alice', password: origin }) };
const store: TokenStore = { get: async () => undefined, set: async () => {}, delete: async () => {} };
const issuer: OAuthOptions = { issuer: 'https://id.example', clientId: 'cli', store, open: () => {} };
const intranet: NtlmOptions = { origins: ['https://intranet.example'] };
const domain: NegotiateOptions = { origins: ['https://intranet.example'], principal: 'alice@LAB.EXAMPLE' };
const options: AuthOptions = {
  schemes: [negotiate(domain), ntlm(intranet), digest(), basic()],
  providers: [env(), provider, oauth(issuer), staticCredential({ token: 't' })],
  mutual: 'require',
};

const handle: AuthHandle = installAuth(client, options);
installAuth(axios);
installAuth(new axios.Axios());

const config: AxiosRequestConfig = { challenge: false };
const response: AxiosResponse<{ user: string }> = await client.get<{ user: string }>('/', config);
await client.post('/', { a: 1 }, { challenge: { providers: [provider], preemptive: false } });
await axios({ url: server.url, challenge: { maxCredentials: 1 } });
const text: string = explain(response);
const sends: number | undefined = trace(response)?.events.length;

client.interceptors.request.use((internal) => ({ ...internal, challenge: false }));
client.interceptors.response.use(undefined, (error: AxiosError | AuthError) => Promise.reject(error.code));

// @ts-expect-error: what is no option is refused, on the client and on a request.
installAuth(client, { provider: [] });
// @ts-expect-error
await client.get('/', { challenge: { maxCredentials: 'three' } });
// @ts-expect-error
await client.get('/', { challenge: true });

handle.forget(server.url);
handle.eject();
export const used = [text, sends, parseChallenges('Basic realm="x"')[0]?.params.realm];
