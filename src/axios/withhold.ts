/** Withholds the caller's own passwords from what shows a config, and keeps them for whoever sends it again (SEC-27). */

import type { AxiosProxyConfig, InternalAxiosRequestConfig } from 'axios';
import { type Callers, withoutUserinfo } from './caller.js';
import { urlText } from './target.js';

/**
 * A credential that axios and a replay can read and no log shows: the password is there by name only. A class, so that
 * axios hands it on as it is when configs are merged.
 */
class Withheld {
  declare readonly password: string;

  constructor(
    readonly username: string,
    password: string,
  ) {
    Object.defineProperty(this, 'password', { get: () => password });
  }
}

/** Puts one in place of `auth` and of the userinfo of `url` and `baseURL`, where the caller gave one, and of `proxy.auth`. */
export function withhold(config: InternalAxiosRequestConfig, credential: Callers | undefined): void {
  const { auth, proxy } = config;
  if (proxy && Object.hasOwn(proxy, 'auth')) config.proxy = withoutPassword(proxy);
  if (credential?.password === undefined) return;
  if (!(auth instanceof Withheld)) config.auth = new Withheld(credential.username, credential.password);
  for (const name of ['url', 'baseURL'] as const) {
    const url = urlText(config[name]);
    if (url) config[name] = withoutUserinfo(url);
  }
}

/** axios before 1.16 writes both parts into one string. */
function withoutPassword(proxy: AxiosProxyConfig): AxiosProxyConfig {
  const auth: unknown = proxy.auth;
  if (auth instanceof Withheld || !auth) return proxy;
  const { username, password } =
    typeof auth === 'string' ? parts(auth) : (auth as { username?: unknown; password?: unknown });
  return { ...proxy, auth: new Withheld(String(username ?? ''), String(password ?? '')) };
}

function parts(userPass: string): { username: string; password: string } {
  const colon = userPass.indexOf(':');
  const end = colon < 0 ? userPass.length : colon;
  return { username: userPass.slice(0, end), password: userPass.slice(end + 1) };
}
