/** The nouns of HTTP authentication, and the two ports: Scheme (how to answer) and Provider (with which credential). */

/** One challenge of a `WWW-Authenticate` or `Proxy-Authenticate` field (RFC 9110 §11.3). */
export interface Challenge {
  /** The auth-scheme in lower case. */
  readonly scheme: string;
  /** The value that stands in place of auth-params, as in `Negotiate YII...`. */
  readonly token68?: string;
  /** The auth-params: lower-case names, unquoted values, null prototype. Bytes over 0x7F as received (Latin-1). */
  readonly params: Readonly<Record<string, string>>;
}

/** A user name and a password, as a person holds them. */
export interface PasswordCredential {
  /** In any script. Basic does not allow `:` in it. */
  readonly username: string;
  /** May be empty. */
  readonly password: string;
}

/** A bearer token. */
export interface TokenCredential {
  /** A b64token (RFC 6750 §2.1), without `Bearer `. */
  readonly token: string;
  /**
   * When it runs out, in milliseconds since 1970. The providers are asked again before a request that is sent later, or
   * less than a minute earlier; a token that is given too late is passed over.
   */
  readonly expires?: number;
}

/** What a person or a program authenticates with. */
export type Credential = PasswordCredential | TokenCredential;

/**
 * The two kinds of Credential, and `ambient`: what the operating system holds for whoever runs the program, such as a
 * Kerberos ticket. No provider of the client is asked for that kind, and only the account's name is known of it.
 */
export type CredentialKind = 'password' | 'token' | 'ambient';

/** The question that `get` of a provider answers; `approve` and `reject` get it again with the verdict. */
export interface CredentialRequest {
  /** The origin (RFC 6454) that sent the challenge: `https://files.example`; for a proxy, the proxy's. */
  readonly origin: string;
  /** The realm, as text for people; `''` when the challenge has none. It comes from the server: do not trust it. */
  readonly realm: string;
  /** The auth-scheme that will use the credential, in lower case: `digest`, `basic`, `bearer`. */
  readonly scheme: string;
  /** The kind of credential that the auth-scheme answers with; absent: a token for `bearer`, else a password. */
  readonly kind?: CredentialKind;
  /** Whether a proxy sent the challenge (407). */
  readonly proxy: boolean;
  /** The URL of the request, without userinfo, query and fragment. */
  readonly url: string;
  /** The origin of the client's `baseURL`, if it has one: a credential that names no origin of its own belongs there (SEC-29). */
  readonly baseOrigin?: string;
  /**
   * The user name, if the URL or an earlier provider gave a user name without a password. For an interactive provider
   * it may also be the user name that was just refused, as a suggestion that the person may change.
   */
  readonly username?: string;
  /** How many credentials the server has refused in this request. */
  readonly refused: number;
  /** The challenge to be answered with the credential. It comes from the server: do not trust it. */
  readonly challenge?: Challenge;
  /**
   * The challenge that came with the refusal of the last credential, in this request: `error="invalid_token"`; or the
   * one that asks for a token which grants more (`stepUp`): `error="insufficient_scope"`.
   */
  readonly refusal?: Challenge;
  /** Aborted when the answer is no longer needed: the caller cancelled the request, or the provider took too long. */
  readonly signal?: AbortSignal;
  /** In `approve` of a store: the name of the interactive provider that gave the credential, if the store did not. */
  readonly interactiveSource?: string;
}

/**
 * A source of credentials, which is told whether the server accepted or refused them.
 *
 * @example
 * const passwords = new Map([['https://files.example', 'wonderland']]);
 * const book: Provider = {
 *   name: 'book',
 *   get: ({ origin }) => {
 *     const password = passwords.get(origin);
 *     return password === undefined ? undefined : { username: 'alice', password };
 *   },
 * };
 */
export interface Provider {
  /** The name of the provider in the trace and in `explain`. */
  readonly name: string;
  /** Whether a person answers: asked after all others, and its credential is offered to the stores of the chain. */
  readonly interactive?: boolean;
  /** Whether it keeps credentials: `approve` is also called with a credential from an interactive provider. */
  readonly store?: boolean;
  /**
   * How long to wait for `get`, in milliseconds; by default a minute. After that the provider is skipped, and the
   * signal of its request is aborted. An interactive provider may take as long as the person does.
   */
  readonly timeout?: number;
  /**
   * Whether it can get a token that grants more than the one in use. Where the server says that a token is right and
   * lacks a scope (403 `insufficient_scope`), or was got by too weak or too old a login (401
   * `insufficient_user_authentication`), `get` is called once more: `refusal` is the challenge that says so, and
   * `challenge.params.scope` names every scope that is needed, those of the token in use included. Nothing is rejected.
   * Left out: such a response is the caller's.
   *
   * @see RFC 6750 §3.1, RFC 9470 §4
   */
  readonly stepUp?: true;
  /** The providers that are asked, in order, in place of this provider. */
  readonly providers?: readonly Provider[];
  /**
   * Gives a credential, or `undefined` if it has none. `{ username }` alone is a hint for the next provider. A throw
   * means that the provider is broken, and is recorded in the trace.
   */
  get(
    request: CredentialRequest,
  ): Credential | UsernameHint | undefined | Promise<Credential | UsernameHint | undefined>;
  /** Why `get` gave nothing, in one line without secrets, for the trace; `''` for no line in the trace. */
  absence?(request: CredentialRequest): string | undefined;
  /** The server accepted this credential, which this provider gave. */
  approve?(request: CredentialRequest, credential: Credential): void | Promise<void>;
  /** The server refused this credential, which this provider gave. */
  reject?(request: CredentialRequest, credential: Credential): void | Promise<void>;
}

/** A user name without a password: the next provider is asked for this account. */
export interface UsernameHint {
  /** The account. */
  readonly username: string;
  /** Absent: with a password it would be a credential. */
  readonly password?: undefined;
}

/** A challenge that cannot be answered. */
export interface Unanswerable {
  /** The name of the challenge in the trace: `Digest SHA-1`. */
  readonly label: string;
  /** Why, in one line. */
  readonly reason: string;
  /** As in an offer: a challenge that cannot be answered may still say what is wrong with an answer to an earlier one. */
  readonly nonce?: string | undefined;
  /** As in an offer; absent: it says nothing about an earlier answer. */
  refusalOf?(previous: Answer): Refusal;
}

/** What a 401 says about the authorization that it refuses. */
export type Refusal =
  /** The credential is wrong. */
  | { readonly kind: 'refused' }
  /** The credential may be right, but the nonce is not: answer again (RFC 7616 §3.3). */
  | { readonly kind: 'stale' }
  /** The credential may be right, but not the way it was written: `answer` writes it in another way. */
  | { readonly kind: 'again'; readonly answer: Answer; readonly reason: string }
  /** The handshake goes on: `answer` is its next message, for the connection that this 401 came on (RFC 4559 §4.2). */
  | { readonly kind: 'continue'; readonly answer: Answer }
  /** The credential is right, and grants too little: a provider that can `stepUp` may have more (RFC 6750 §3.1, RFC 9470 §3). */
  | { readonly kind: 'insufficient'; readonly reason: string }
  /** The credential is right, and another credential would not help. */
  | { readonly kind: 'final'; readonly reason: string };

/** How the challenges of one auth-scheme are answered. */
export interface Scheme {
  /** The auth-scheme in lower case. */
  readonly name: string;
  /** The kind of credential it answers with. */
  readonly credential: CredentialKind;
  /** Whether the header contains the secret itself: then it is sent only over TLS or to loopback. */
  readonly clearText: boolean;
  /**
   * Whether the scheme authorizes a connection and not a request, as NTLM does: an answer then belongs to one request,
   * all its messages are sent on one connection, and no other request uses that connection (SEC-34).
   */
  readonly bindsConnection?: boolean;
  /**
   * Whether who sees an answer on its way can use it elsewhere, as NTLM's can be relayed to another server: it is treated
   * as one in clear text, although the secret itself is not in it.
   */
  readonly isRelayable?: boolean;
  /**
   * Who is asked for its credential in place of the client's providers, where the kind is `ambient`: it gives a
   * `UsernameHint`, the account's name, or throws why nothing can begin; then the next challenge is answered.
   *
   * @see RFC 4559 §4
   */
  readonly provider?: Provider;
  /** The only origins whose challenges it answers (RFC 6454); absent: every origin that a credential is found for. */
  readonly origins?: readonly string[];
  /** Reads a challenge, once: what can be answered, or the reason why it cannot. */
  read(challenge: Challenge): Offer | Unanswerable;
}

/** A challenge that a scheme has read, and can answer. */
export interface Offer {
  /** The name of the challenge in the trace: `Digest SHA-256`. */
  readonly label: string;
  /** How strong an answer is: the strongest challenge of a response is answered. */
  readonly strength: number;
  /** The nonce, for schemes that have one. */
  readonly nonce?: string | undefined;
  /** Why an old proof of the server could be replayed for this challenge: `without qop`; absent if it could not. */
  readonly replayable?: string | undefined;
  /** The path prefixes of the origin of `url` that the challenge covers (RFC 9110 §11.5). */
  space(url: string): readonly string[];
  /**
   * Answers the challenge with a credential. `previous` is the answer to an earlier challenge of the same space: its
   * parts that are still valid are reused. Throws ERR_AUTH_CREDENTIAL.
   */
  answer(credential: Credential, previous?: Answer): Answer;
  /** Reads what this challenge says about `previous`, the answer that was sent and got it in a 401. */
  refusalOf(previous: Answer): Refusal;
}

/** A challenge combined with a credential: it authorizes any number of requests. */
export interface Answer {
  /** The nonce, for schemes that have one: a 401 with another nonce may be answered with the same credential. */
  readonly nonce?: string | undefined;
  /** Whether `authorize` needs the bytes of the request body (qop=auth-int). */
  readonly needsBody: boolean;
  /** Whether the server's proof covers no value of ours, so that an old proof could be replayed (RFC 2069). */
  readonly isReplayable?: boolean;
  /** Whether the server is sure to ask for another message of the handshake, so that the body is not sent yet. */
  readonly isPartial?: boolean;
  /** Why it must not be sent as a request that is known by now; `undefined` when it may. Absent: it may always. */
  obstacle?(request: AuthorizedRequest): string | undefined;
  /**
   * Makes the next field value ready where that may fail, and resolves to why there is none; `undefined`: `authorize`
   * has it. Asked of a scheme that `bindsConnection`, before each send.
   */
  prepare?(request: AuthorizedRequest): Promise<string | undefined>;
  /**
   * Computes the field value for one send. A promise is waited for, except at a hop of a redirect: that hop goes
   * without, and its 401 is answered.
   */
  authorize(request: AuthorizedRequest): Authorization | Promise<Authorization>;
}

/** The parts of a request that an Authorization may depend on. */
export interface AuthorizedRequest {
  /** The method as sent, in upper case. */
  readonly method: string;
  /** The request-target as sent (RFC 9112 §3.2). */
  readonly uri: string;
  /** The origin that it is sent to (RFC 6454). */
  readonly origin?: string | undefined;
  /** The bytes of the body, when `needsBody`. */
  readonly body?: Uint8Array | undefined;
  /**
   * The channel binding of the connection that the message goes out on, for a scheme that `bindsConnection`:
   * `tls-server-end-point:` and the hash of the server's certificate. Absent without TLS, for a certificate whose
   * signature has no hash of its own (Ed25519), and with the first message, which opens the connection.
   *
   * @see RFC 5929 §4
   * @example
   * const bindings = createHash('md5').update(gssBindings(request.binding ?? new Uint8Array(0))).digest();
   */
  readonly binding?: Uint8Array | undefined;
}

/** The field value of one send, and what the response may prove about it. */
export interface Authorization {
  /** The `Authorization` field value. */
  readonly value: string;
  /** The nonce count of this send, for schemes that have one. */
  readonly nc?: number | undefined;
  /** What a record says of it beside its scheme, in a few words and without a secret. */
  readonly remark?: string | undefined;
  /**
   * Reads the challenges of a response that asks for nothing more, where the server's proof stands in them.
   *
   * @see RFC 4559 §5
   */
  conclude?(challenges: readonly Challenge[]): Promise<Confirmation>;
  /** Reads `Authentication-Info` (RFC 7615). `body` gives the body of the response, where its bytes are known. */
  confirm?(authenticationInfo: string, body?: () => Uint8Array | undefined): Confirmation;
}

/** What `Authentication-Info` said. */
export interface Confirmation {
  /** Whether the server proved that it knows the password; `undefined` without a proof that can be checked. */
  readonly mutual: boolean | undefined;
  /** The answer for the next request (`nextnonce`). */
  readonly next?: Answer | undefined;
}

/** The kind of a credential. */
export function credentialKind(credential: Credential): CredentialKind {
  if (Object.hasOwn(credential, 'token')) return 'token';
  return Object.hasOwn(credential, 'password') ? 'password' : 'ambient';
}

/** Whether a request asks for a token, and not for a password. What sits on Object.prototype is no kind (SEC-28). */
export function wantsToken(request: CredentialRequest): boolean {
  const kind = Object.hasOwn(request, 'kind') ? request.kind : undefined;
  return kind === undefined ? request.scheme === 'bearer' : kind === 'token';
}

/** When a credential runs out, in milliseconds since 1970, if it is a token that says so. */
export function expiryOf(credential: Credential): number | undefined {
  return Object.hasOwn(credential, 'expires') ? (credential as TokenCredential).expires : undefined;
}

/** The user name of a credential that has one. */
export function usernameOf(credential: Credential): string | undefined {
  return Object.hasOwn(credential, 'username') ? (credential as PasswordCredential).username : undefined;
}
