/** Finds who issues the token for a request, and for which resource it is. */

import type { AxiosInstance } from 'axios';
import { unlessAborted } from '../base/abort.js';
import { Lru } from '../base/lru.js';
import { SingleFlight } from '../base/single-flight.js';
import { AuthError } from '../errors.js';
import type { CredentialRequest } from '../model.js';
import { phrase } from '../syntax/visible.js';
import { checkClient } from './discovery/client.js';
import { type Discovered, discover } from './discovery/discover.js';
import { fetchJsonOf } from './discovery/fetch-json.js';
import { type Resolve, resolveHost } from './discovery/guard.js';
import { unionOf } from './discovery/scopes.js';
import { failed } from './discovery/trouble.js';
import { isForProgram, type OAuthSettings } from './options.js';
import { type IssuerFetch, issuerFetch } from './protocol/http.js';
import { type IssuerMetadata, MetadataReader } from './protocol/metadata.js';
import { wantedScope } from './scope.js';

/** The issuer of a token, and what is asked of it. */
export interface TokenSource {
  readonly issuer: string;
  readonly resource: string | undefined;
  readonly scope: string | undefined;
  /** The issuer that the resource has named before, where it names another one now. */
  readonly former?: string | undefined;
  /** How requests to the issuer are sent. */
  readonly fetch: IssuerFetch;
  /** What the issuer says of itself; read when it is asked for the first time. */
  metadata(signal?: AbortSignal): Promise<IssuerMetadata>;
}

// Resources that are discovered by one provider.
const MAX_RESOURCES = 100;

/** The issuers of one provider: the issuer that the options name, or those that resources name. */
export class Issuers {
  readonly #http: AxiosInstance;
  readonly #fetch: IssuerFetch;
  readonly #reader: MetadataReader;
  readonly #found = new Lru<string, Discovered>(MAX_RESOURCES);
  readonly #former = new Lru<string, string>(MAX_RESOURCES);
  readonly #flights = new Lru<string, SingleFlight<Discovered>>(MAX_RESOURCES);
  /** The first issuer that was discovered: a client secret is for that issuer alone. */
  #first: string | undefined;

  constructor(
    private readonly settings: OAuthSettings,
    http: AxiosInstance,
    private readonly resolve: Resolve = resolveHost,
  ) {
    this.#http = http;
    this.#fetch = issuerFetch(http);
    this.#reader = new MetadataReader(this.#fetch);
  }

  /** @throws AuthError `ERR_AUTH_PROVIDER` */
  async for(request: CredentialRequest): Promise<TokenSource> {
    const { issuer, resource, scope, discover: isAllowed } = this.settings;
    if (isAllowed) return this.#named(request) ?? this.#discovered(request);
    if (issuer === undefined) throw new AuthError('ERR_AUTH_PROVIDER', 'oauth: there is no issuer');
    const metadata = (signal?: AbortSignal) => this.#reader.read(issuer, signal);
    return { issuer, resource, scope: wantedScope(request, scope), former: undefined, fetch: this.#fetch, metadata };
  }

  /**
   * Where the options name all that a token is kept under, the resource and the issuer are asked when a token is to be
   * got, and not before: a kept token is given without them.
   */
  #named(request: CredentialRequest): TokenSource | undefined {
    const { issuer, resource, scope } = this.settings;
    if (issuer === undefined || resource === undefined || scope === undefined) return undefined;
    // Others may wait for what is got for this request.
    const lasting: CredentialRequest = Object.assign(Object.create(null), request, { signal: undefined });
    let found: Promise<TokenSource> | undefined;
    const discovered = () => {
      found ??= this.#discovered(lasting);
      return found;
    };
    const fetch: IssuerFetch = async (url, asked) => (await discovered()).fetch(url, asked);
    const metadata = async (signal?: AbortSignal) => (await unlessAborted(discovered(), signal)).metadata(signal);
    return { issuer, resource, scope: wantedScope(request, scope), former: undefined, fetch, metadata };
  }

  async #discovered(request: CredentialRequest): Promise<TokenSource> {
    const { settings } = this;
    const found = await this.#find(request);
    const { issuer, guard } = found;
    const metadata = found.metadata as unknown as IssuerMetadata;
    checkClient(settings.clientId, found.metadata);
    this.#checkSecret(issuer);
    // A token request goes to no more private network than the metadata did (SEC-66).
    const fetch = issuerFetch(this.#http, undefined, async (url) => {
      await guard.check(url, 'token request');
      return { adapter: 'http', lookup: guard.lookupFor(url, 'token request') };
    });
    const scope = wantedScope(request, settings.scope ?? withOffline(settings, found));
    const resource = settings.resource ?? found.resource;
    const former = this.#former.get(keyOf(request));
    return { issuer, resource, scope, former, fetch, metadata: async () => metadata };
  }

  /** Whoever can change what a resource says gets no secret for it. */
  #checkSecret(issuer: string): void {
    if (this.settings.clientSecret === undefined) return;
    this.#first ??= issuer;
    if (this.#first === issuer) return;
    const [now, before] = [phrase(issuer), phrase(this.#first)];
    throw failed(
      'client',
      `the resource names ${now}, and clientSecret is for ${before} (set issuer, if that is right)`,
    );
  }

  /** Asked once for all requests that wait; and anew when a token was refused: the resource may have moved. */
  async #find(request: CredentialRequest): Promise<Discovered> {
    const { url, challenge, refusal, signal } = request;
    const key = keyOf(request);
    const known = this.#found.get(key);
    if (known && !refusal) return known;
    const flight = this.#flights.get(key) ?? new SingleFlight<Discovered>();
    this.#flights.set(key, flight);
    const question = { url, challenge, issuer: this.settings.issuer };
    const ask = (over: AbortSignal) => discover(question, fetchJsonOf(this.#http), over, this.resolve);
    const found = await flight.join(ask, signal);
    if (known && known.issuer !== found.issuer) this.#former.set(key, known.issuer);
    this.#found.set(key, found);
    return found;
  }
}

/** What a resource is known by: where it says that its metadata is, else where it is. */
function keyOf({ url, challenge }: CredentialRequest): string {
  return JSON.stringify([challenge?.params.resource_metadata ?? url, new URL(url).origin]);
}

/** What the resource asks for; with a refresh token, where a person logs in and the issuer names the scope for it. */
function withOffline(settings: OAuthSettings, { scope, metadata }: Discovered): string | undefined {
  const { scopes_supported: names } = metadata;
  const isNamed = Array.isArray(names) && names.includes('offline_access');
  return isNamed && !isForProgram(settings) && scope !== undefined ? unionOf(scope, 'offline_access') : scope;
}

/** Under what a token is kept: it is of one issuer, for one resource, and of one client (SEC-62). */
export function tokenKey(
  { issuer, resource }: Pick<TokenSource, 'issuer' | 'resource'>,
  { origin }: Pick<CredentialRequest, 'origin'>,
  clientId: string,
): string {
  return JSON.stringify([issuer, resource ?? origin, clientId, '']);
}
