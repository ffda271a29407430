/** What the sends of one axios request are made of. */

import type { InternalAxiosRequestConfig } from 'axios';
import type { BodyOptions } from './body/body.js';
import type { BoundConnections } from './bound-connections.js';
import type { Client, Dispatch } from './client/client.js';
import type { Route } from './proxy/route.js';

/** The input of an `AxiosWire`. */
export interface WireInput {
  /** A copy of the config, with the caller's own adapter back in place. */
  readonly config: InternalAxiosRequestConfig;
  /** The config as the adapter got it: the response and the error that the caller gets refer to it. */
  readonly given: InternalAxiosRequestConfig;
  readonly address: () => URL;
  readonly sibling: Client;
  readonly dispatch: Dispatch;
  readonly route: Route;
  readonly body: BodyOptions;
  readonly connections: BoundConnections;
  /** Whether the caller authorizes the request itself: then an outcome is redacted only if a proxy was authorized. */
  readonly isCallerAuthorized: boolean;
}
