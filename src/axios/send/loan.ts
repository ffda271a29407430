/** Lends a config what one send needs: another send of the same config must not take it for the caller's. */

import type { InternalAxiosRequestConfig } from 'axios';

type BeforeRedirect = NonNullable<InternalAxiosRequestConfig['beforeRedirect']>;

/** The values that are put into a config for a send. */
export interface Loan {
  readonly beforeRedirect: BeforeRedirect;
  /** The caller's own `beforeRedirect`. */
  readonly original: BeforeRedirect | undefined;
  /** The Authorization, if there is one. */
  readonly value: string | undefined;
}

// The key is the headers object, which a copy of a config may share with the config.
const loans = new Map<object, Loan>();

/** Puts the values of a loan into a config: a copy would cost as much as computing the header. */
export function lend(config: InternalAxiosRequestConfig, loan: Loan): InternalAxiosRequestConfig {
  const { beforeRedirect, value } = loan;
  config.beforeRedirect = beforeRedirect;
  // The caller set no Authorization in any spelling. A check by AxiosHeaders would take as long as a hash.
  if (value !== undefined) config.headers.Authorization = value;
  // Last: a config that is frozen throws.
  loans.set(config.headers, loan);
  return config;
}

/** Removes the values of a loan from a config. */
export function takeBack(config: InternalAxiosRequestConfig, { original, value }: Loan): void {
  loans.delete(config.headers);
  if (original) config.beforeRedirect = original;
  else delete config.beforeRedirect;
  if (value !== undefined) delete config.headers.Authorization;
}

/** The caller's own `beforeRedirect`. */
export function callersHook(config: InternalAxiosRequestConfig): BeforeRedirect | undefined {
  const loan = loanOf(config);
  return loan?.beforeRedirect === config.beforeRedirect ? loan?.original : config.beforeRedirect;
}

/** The loan of a config, or of the config that it was copied from. */
export function loanOf({ headers }: InternalAxiosRequestConfig): Loan | undefined {
  if (loans.size === 0) return undefined;
  const { Authorization: value } = headers;
  return loans.get(headers) ?? (typeof value === 'string' ? lentValue(value) : undefined);
}

function lentValue(value: string): Loan | undefined {
  for (const loan of loans.values()) {
    if (loan.value === value) return loan;
  }
  return undefined;
}

/** The config as the caller made it: the config itself, or a copy without the loan. */
export function withoutLoan(config: InternalAxiosRequestConfig): InternalAxiosRequestConfig {
  const loan = loanOf(config);
  if (!loan) return config;
  const own: InternalAxiosRequestConfig = Object.assign(Object.create(Object.getPrototypeOf(config)), config);
  own.headers = Object.assign(Object.create(Object.getPrototypeOf(config.headers)), config.headers);
  if (loan.value !== undefined && own.headers.Authorization === loan.value) delete own.headers.Authorization;
  if (own.beforeRedirect !== loan.beforeRedirect) return own;
  if (loan.original) own.beforeRedirect = loan.original;
  else delete own.beforeRedirect;
  return own;
}
