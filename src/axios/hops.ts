/** Keeps the Authorization right from hop to hop: anew for each target, gone for good once it has left its space. */

import type { InternalAxiosRequestConfig } from 'axios';
import type { AuthorizeHop, Target } from '../exchange/wire.js';
import type { Authorization } from '../model.js';
import { type Hop, hopTarget } from './target.js';

type BeforeRedirect = NonNullable<InternalAxiosRequestConfig['beforeRedirect']>;

/** What happened to one send on its way. */
export class Hops {
  /** Whether a redirect led to another origin, at any time. */
  leftOrigin = false;

  constructor(
    /** The caller's own. */
    readonly callers: BeforeRedirect | undefined,
    private readonly config: InternalAxiosRequestConfig,
    private readonly origin: () => string,
    /** What the last hop was sent with. */
    public authorization: Authorization | undefined,
    private readonly authorizeHop: AuthorizeHop | undefined,
  ) {}

  /** Goes in place of the caller's own `beforeRedirect`, and before it. */
  readonly beforeRedirect: BeforeRedirect = (options, ...rest) => {
    this.follow(options);
    this.callers?.(options, ...rest);
  };

  /** Writes on the headers of the hop. */
  follow(options: Hop): void {
    const hop = hopTarget(options, this.config);
    if (hop?.origin !== this.origin()) this.leftOrigin = true;
    if (this.authorization) this.#rewrite(options.headers ?? {}, hop);
  }

  /** All spellings are taken away: older redirect code keeps the header for subdomains (SEC-01, SEC-05). */
  #rewrite(headers: Record<string, unknown>, hop: Target | undefined): void {
    this.authorization = hop && !this.leftOrigin ? this.authorizeHop?.(hop) : undefined;
    for (const name of Object.keys(headers)) {
      if (name.toLowerCase() === 'authorization') delete headers[name];
    }
    if (this.authorization) headers.Authorization = this.authorization.value;
  }
}
