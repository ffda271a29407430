/** The nouns of HTTP authentication, and the two ports: Scheme (how to answer) and Provider (with what). */

/** One challenge of a `WWW-Authenticate` or `Proxy-Authenticate` field (RFC 9110 §11.3). */
export interface Challenge {
  /** The auth-scheme in lower case. */
  readonly scheme: string;
  /** What stands in place of auth-params, as in `Negotiate YII...`. */
  readonly token68?: string;
  /** The auth-params: lower-case names, unquoted values, null prototype. Bytes over 0x7F as the wire had them (Latin-1). */
  readonly params: Readonly<Record<string, string>>;
}

/** A user name and a password, as a person holds them. */
export interface PasswordCredential {
  /** In any script. Basic takes no `:` in it. */
  readonly username: string;
  /** May be empty. */
  readonly password: string;
}

/** A bearer token. */
export interface TokenCredential {
  /** A b64token (RFC 6750 §2.1), without `Bearer `. */
  readonly token: string;
}

/** What a person or a program holds to be let in. */
export type Credential = PasswordCredential | TokenCredential;

/** The two kinds of Credential. */
export type CredentialKind = 'password' | 'token';

/** What a provider is asked, and what it is told the verdict on. */
export interface CredentialRequest {
  /** The origin (RFC 6454) that asks: `https://files.example`; for a proxy, the proxy's. */
  readonly origin: string;
  /** The realm, as text for people; `''` when the challenge has none. It comes from the server: do not trust it. */
  readonly realm: string;
  /** The auth-scheme that will use the credential, in lower case: `digest`, `basic`, `bearer`. */
  readonly scheme: string;
  /** Whether a proxy asks (407). */
  readonly proxy: boolean;
  /** The URL of the request, without userinfo, query and fragment. */
  readonly url: string;
  /** The origin of the client's `baseURL`, if it has one: a credential that names no origin of its own belongs there (SEC-29). */
  readonly baseOrigin?: string;
  /**
   * The user name, when the URL or an earlier provider named one without a password. To an interactive provider it may
   * also be the one that was just refused: a suggestion, which the person may change.
   */
  readonly username?: string;
  /** How many credentials the server has refused in this request. */
  readonly refused: number;
  /** Aborted when nobody waits for the answer any more: the caller has left, or the provider has taken too long. */
  readonly signal?: AbortSignal;
  /** In `approve`: the interactive provider that gave the credential, when the provider called is a store and did not. */
  readonly interactiveSource?: string;
}

/**
 * Where a credential comes from, and who hears the verdict on it.
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
  /** What the trace and `explain` call it. */
  readonly name: string;
  /** A person answers: asked after all others, and what they give is offered to the stores of the chain. */
  readonly interactive?: boolean;
  /** Keeps credentials: `approve` is also called with what an interactive provider gave. */
  readonly store?: boolean;
  /**
   * How long `get` is waited for, in milliseconds; by default a minute. Then it is passed over, and the signal of its
   * request fires. An interactive provider takes as long as the person does.
   */
  readonly timeout?: number;
  /** The providers this one is made of, asked in order in its place. */
  readonly providers?: readonly Provider[];
  /** `undefined`: I have none. A throw: I am broken, and the trace says so. `{ username }` alone is a hint for the next. */
  get(
    request: CredentialRequest,
  ): Credential | UsernameHint | undefined | Promise<Credential | UsernameHint | undefined>;
  /** Why `get` gave nothing, in one line without secrets, for the trace; `''` when that is not worth a line. */
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
  /** Not there: with one it is a credential. */
  readonly password?: undefined;
}

/** Whether a scheme can answer a challenge: how strong the answer is, or why there is none. */
export type Acceptance =
  | { readonly label: string; readonly strength: number }
  | { readonly label: string; readonly reason: string };

/** What a 401 says of the authorization it refuses. */
export type Refusal =
  /** The credential is wrong. */
  | { readonly kind: 'refused' }
  /** The credential may be right, the nonce is not: answer again (RFC 7616 §3.3). */
  | { readonly kind: 'stale' }
  /** The credential may be right, the way it was written is not: this answer writes it otherwise. */
  | { readonly kind: 'again'; readonly answer: Answer; readonly reason: string }
  /** The credential is right and no other would do better. */
  | { readonly kind: 'final'; readonly reason: string };

/** How the challenges of one auth-scheme are answered. */
export interface Scheme {
  /** The auth-scheme in lower case. */
  readonly name: string;
  /** The kind of credential it answers with. */
  readonly credential: CredentialKind;
  /** Whether the secret itself travels in the header: then only over TLS or to loopback. */
  readonly clearText: boolean;
  /** Whether the challenge can be answered, and how strong the answer would be. */
  accepts(challenge: Challenge): Acceptance;
  /** The path prefixes of the origin of `url` that the challenge covers (RFC 9110 §11.5). */
  space(challenge: Challenge, url: string): readonly string[];
  /** `previous` is the answer to an earlier challenge of the same space: what still holds of it is kept. Throws ERR_AUTH_CREDENTIAL. */
  answer(challenge: Challenge, credential: Credential, previous?: Answer): Answer;
  /** Reads the challenge of the 401 that came after `answer`. */
  refusal(challenge: Challenge, answer: Answer): Refusal;
}

/** A challenge with a credential to it: good for any number of requests. */
export interface Answer {
  /** The nonce, for schemes that have one: a 401 with another nonce may be answered with the same credential. */
  readonly nonce?: string | undefined;
  /** Whether `authorize` needs the bytes of the request body (qop=auth-int). */
  readonly needsBody: boolean;
  /** Computes the field value for one send. */
  authorize(request: AuthorizedRequest): Authorization;
}

/** What an Authorization may depend on. */
export interface AuthorizedRequest {
  /** The method as sent, in upper case. */
  readonly method: string;
  /** The request-target as sent (RFC 9112 §3.2). */
  readonly uri: string;
  /** The bytes of the body, when `needsBody`. */
  readonly body?: Uint8Array | undefined;
}

/** The field value of one send, and what the response may prove about it. */
export interface Authorization {
  /** The `Authorization` field value. */
  readonly value: string;
  /** The nonce count of this send, for schemes that have one. */
  readonly nc?: number | undefined;
  /** Reads `Authentication-Info` (RFC 7615). `body` gives the body of the response, where its bytes are known. */
  confirm?(authenticationInfo: string, body?: () => Uint8Array | undefined): Confirmation;
}

/** What `Authentication-Info` said. */
export interface Confirmation {
  /** Whether the server proved that it knows the password; `undefined`: it did not try, or it cannot be checked. */
  readonly mutual: boolean | undefined;
  /** The answer for the next request (`nextnonce`). */
  readonly next?: Answer | undefined;
}

/** The kind of a credential. */
export function credentialKind(credential: Credential): CredentialKind {
  return Object.hasOwn(credential, 'token') ? 'token' : 'password';
}

/** The user name of a credential that has one. */
export function usernameOf(credential: Credential): string | undefined {
  return Object.hasOwn(credential, 'username') ? (credential as PasswordCredential).username : undefined;
}
