/** Hides the caller's own passwords where a config is shown, but keeps them readable for a replay (SEC-27). */

import type { AxiosProxyConfig, InternalAxiosRequestConfig } from 'axios';
import { cutUserinfo } from '../address/entry.js';
import { type ExplicitAuth, withoutPassword } from '../address/explicit-auth.js';
import { addressedUrl, originFor } from '../address/target.js';
import type { Client } from '../client/client.js';
import { veil } from './veil.js';

// A registered symbol, so that the ESM and the CommonJS copy of this package share it.
const PLACE: unique symbol = Symbol.for('axios-challenge.withheld');

/** The server that a withheld credential is for, and where the credential was found. */
interface Place {
  /** The origin, or the proxy. */
  readonly of: string | undefined;
  /** Whether the credential came from a URL: then a URL with another userinfo takes precedence. */
  readonly isOfUrl: boolean;
}

/**
 * A credential whose password axios and a replay can read by name, but which no log shows. It is a class because axios
 * passes class instances on unchanged when it merges configs.
 */
class Withheld {
  declare readonly [PLACE]: Place;

  constructor(
    readonly username: string,
    place: Place,
  ) {
    Object.defineProperty(this, PLACE, { value: place });
  }
}

function withheld(username: string, password: string, place: Place): Withheld & { readonly password: string } {
  return veil(new Withheld(username, place), { password });
}

function placeOf(auth: unknown): Place | undefined {
  return typeof auth === 'object' && auth !== null ? (auth as Partial<Withheld>)[PLACE] : undefined;
}

/**
 * Replaces `proxy.auth`, and the credential that the caller gave in `auth` or a URL, by a withheld credential. Removes
 * the password from `url` and `baseURL`.
 */
export function withhold(
  config: InternalAxiosRequestConfig,
  explicit: ExplicitAuth | undefined,
  sibling: Client,
): void {
  const { auth, proxy } = config;
  if (proxy && Object.hasOwn(proxy, 'auth')) config.proxy = withoutProxyPassword(proxy);
  if (explicit?.password !== undefined && !placeOf(auth)) {
    const place = { of: addressedOrigin(config, sibling), isOfUrl: !auth };
    config.auth = withheld(explicit.username, explicit.password, place);
  }
  cutUserinfo(config, sibling, withoutPassword);
}

/** Removes a withheld credential if the config now addresses another origin or proxy than it is for (SEC-45). */
export function keepToPlace(config: InternalAxiosRequestConfig, sibling: Client): void {
  const { auth, proxy } = config;
  const place = auth && placeOf(auth);
  if (place && !isFor(place, config, sibling)) delete config.auth;
  const proxyPlace = proxy && placeOf(proxy.auth);
  if (proxyPlace && proxyPlace.of !== proxyOf(proxy)) config.proxy = { ...proxy, auth: undefined as never };
}

function isFor(place: Place, config: InternalAxiosRequestConfig, sibling: Client): boolean {
  const address = addressedUrl(config, sibling);
  if (!address || originFor(address, config) !== place.of) return false;
  return !place.isOfUrl || (address.username === '' && address.password === '');
}

function addressedOrigin(config: InternalAxiosRequestConfig, sibling: Client): string | undefined {
  const address = addressedUrl(config, sibling);
  return address && originFor(address, config);
}

function proxyOf({ protocol, host, port, hostname = host }: AxiosProxyConfig & { hostname?: string }): string {
  return `${protocol} ${hostname} ${port}`;
}

/** Withholds the credential of a proxy; axios before 1.16 joins username and password into one string. */
function withoutProxyPassword(proxy: AxiosProxyConfig): AxiosProxyConfig {
  const auth: unknown = proxy.auth;
  if (!auth || placeOf(auth)) return proxy;
  const { username, password } =
    typeof auth === 'string' ? parts(auth) : (auth as { username?: unknown; password?: unknown });
  const place = { of: proxyOf(proxy), isOfUrl: false };
  return { ...proxy, auth: withheld(String(username ?? ''), String(password ?? ''), place) };
}

function parts(userPass: string): { username: string; password: string } {
  const colon = userPass.indexOf(':');
  const end = colon < 0 ? userPass.length : colon;
  return { username: userPass.slice(0, end), password: userPass.slice(end + 1) };
}
