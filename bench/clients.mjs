/** One client of each kind, all with keep-alive: a name and `get(path)`, which fails on anything but a 200. */

import { execFile } from 'node:child_process';
import { hash, randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { promisify } from 'node:util';
import axiosDigestAuth from '@mhoc/axios-digest-auth';
import axios from 'axios';
import { installAuth, staticCredential } from 'axios-challenge';
import DigestClient from 'digest-fetch';
import { HttpClient } from 'urllib';

export const ALICE = { username: 'alice', password: 'wonderland' };

/** axios as it is; with a header that somebody computed before, if one is given. */
export function bare(origin, authorization) {
  const client = axiosClient(origin);
  const config = authorization ? () => ({ headers: { Authorization: authorization } }) : () => undefined;
  return { name: 'bare axios', get: (path) => client.get(path, config()) };
}

/** A program that computes its Digest by hand for the one server that it knows, as short as RFC 7616 lets it be. */
export function byHand(origin, challenge, algorithm) {
  const client = axiosClient(origin);
  const { realm, nonce } = challenge.params;
  const { username, password } = ALICE;
  const HA1 = hash(algorithm, `${username}:${realm}:${password}`);
  const rest = Object.entries(challenge.params).filter(([name]) => name === 'opaque' || name === 'algorithm');
  const echoed = rest.map(([name, value]) => `, ${name}="${value}"`).join('');
  const head = `Digest username="${username}", realm="${realm}", nonce="${nonce}", qop=auth${echoed}`;
  let count = 0;
  const authorization = (uri) => {
    count += 1;
    const nc = count.toString(16).padStart(8, '0');
    const cnonce = randomBytes(16).toString('hex');
    const response = hash(algorithm, `${HA1}:${nonce}:${nc}:${cnonce}:auth:${hash(algorithm, `GET:${uri}`)}`);
    return `${head}, uri="${uri}", response="${response}", nc=${nc}, cnonce="${cnonce}"`;
  };
  return { name: 'by hand', get: (path) => client.get(path, { headers: { Authorization: authorization(path) } }) };
}

/** This package; `providers` only where a row counts what they are asked. */
export function ours(origin, providers = [staticCredential(ALICE, { origin })]) {
  const client = axiosClient(origin);
  installAuth(client, { providers });
  return { name: 'axios-challenge', get: (path) => client.get(path) };
}

/** The least that a plugin of this kind can do: an adapter in place of axios's own, which waits for it. */
export function idle(origin) {
  const client = axiosClient(origin);
  const wrap = (config) => {
    const { adapter } = config;
    config.adapter = async (given) => await axios.getAdapter(adapter, given)(given);
    return config;
  };
  client.interceptors.request.use(wrap, undefined, { synchronous: true });
  return { name: 'idle', get: (path) => client.get(path) };
}

/**
 * The least that a plugin with these promises can do, in one function: hear of redirects, authorize, take its header
 * back and out of the request, and keep a record.
 *
 * @param answer - the answer to the challenge, for requests of a known protection space
 */
export function least(origin, answer) {
  const client = axiosClient(origin);
  const records = new WeakMap();
  const wrap = (config) => {
    const { adapter } = config;
    config.adapter = (given) => sendAndRecord(given, adapter, { answer, records });
    return config;
  };
  client.interceptors.request.use(wrap, undefined, { synchronous: true });
  return { name: 'the least plugin', get: (path) => client.get(path) };
}

async function sendAndRecord(config, adapter, { answer, records }) {
  const record = { began: performance.now(), redirects: 0 };
  const { url, headers } = config;
  config.adapter = adapter;
  config.beforeRedirect = () => {
    record.redirects += 1;
  };
  if (answer) headers.Authorization = answer.authorize({ method: 'GET', uri: url }).value;
  try {
    const response = await axios.getAdapter(adapter, config)(config);
    record.milliseconds = performance.now() - record.began;
    const { request, status } = response;
    if (answer) request._header = request._header.replace(headers.Authorization, 'concealed');
    records.set(response, () => ({ ...record, status }));
    return response;
  } finally {
    delete config.beforeRedirect;
    if (answer) delete headers.Authorization;
  }
}

/** The peers that answer Digest. All of them know MD5; SHA-256 is not asked of them. */
export function peers(origin) {
  return [mhoc(origin), digestFetch(origin), urllib(origin)];
}

function mhoc(origin) {
  const client = new axiosDigestAuth.default({ axios: axiosClient(origin), ...ALICE });
  return { name: '@mhoc', get: (path) => client.request({ method: 'GET', url: `${origin}${path}`, headers: {} }) };
}

function digestFetch(origin) {
  const client = new DigestClient(ALICE.username, ALICE.password);
  const get = async (path) => {
    const response = await client.fetch(`${origin}${path}`);
    await response.text();
    if (response.status !== 200) throw new Error(`digest-fetch: ${response.status}`);
  };
  return { name: 'digest-fetch', get };
}

function urllib(origin) {
  const client = new HttpClient();
  const options = { digestAuth: `${ALICE.username}:${ALICE.password}`, dataType: 'text' };
  const get = async (path) => {
    const { status } = await client.request(`${origin}${path}`, options);
    if (status !== 200) throw new Error(`urllib: ${status}`);
  };
  return { name: 'urllib', get };
}

/** One curl process that gets `space` + 1 to n over one connection; `undefined` where curl is missing. */
export async function curl(origin, space, n) {
  const args = ['--digest', '--user', `${ALICE.username}:${ALICE.password}`, '--noproxy', '*', '--silent', '--fail'];
  try {
    await promisify(execFile)('curl', [...args, '--output', '/dev/null', `${origin}${space}[1-${n}]`]);
    return 'curl';
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Gets n paths, at most `inFlight` at a time. */
export async function getMany({ get }, space, n, inFlight = 1) {
  let next = 0;
  const worker = async () => {
    while (next < n) {
      next += 1;
      await get(`${space}${next}`);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

function axiosClient(origin) {
  return axios.create({ baseURL: origin, proxy: false, httpAgent: new Agent({ keepAlive: true }) });
}
