/** Where the requests of one client go. */

import type { InternalAxiosRequestConfig } from 'axios';
import type { Target } from '../../exchange/port/transport.js';
import type { Client } from '../client/client.js';
import { PlainUrls } from './plain-url.js';
import { addressedUrl, httpTarget } from './target.js';

/** The addresses of one client's requests. */
export class Addresses {
  readonly #plain = new PlainUrls();

  constructor(private readonly sibling: Client) {}

  /** The URL that a config addresses, userinfo included. */
  of(config: InternalAxiosRequestConfig): URL {
    return addressedUrl(config, this.sibling) ?? NOWHERE;
  }

  /** The origin that a config addresses; `undefined` if only a parser can tell. */
  plainOrigin(config: InternalAxiosRequestConfig): string | undefined {
    return this.#plain.originOf(config);
  }

  /** The target of a request that axios's http adapter will send. */
  readonly target = (config: InternalAxiosRequestConfig): Target =>
    httpTarget(config, this.#plain.read(config) ?? this.of(config), this.sibling);
}

/** Replaces an invalid URL, which axios will reject itself. */
const NOWHERE = new URL('http://invalid.invalid/');
