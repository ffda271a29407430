/** Lends a config what one send needs: another send of the same config must not take it for the caller's. */

import type { InternalAxiosRequestConfig } from 'axios';

type BeforeRedirect = NonNullable<InternalAxiosRequestConfig['beforeRedirect']>;

const SLOT = Symbol('slot');

/** The values that are put into a config for a send. */
export interface Loan {
  /** Tells the slot of the loan. It does not hold the loan: Node's request keeps the function, and is shown in logs. */
  readonly beforeRedirect: BeforeRedirect & { [SLOT]?: number };
  /** The caller's own `beforeRedirect`. */
  readonly original: BeforeRedirect | undefined;
  /** The Authorization, if there is one. */
  readonly value: string | undefined;
}

const slots: Array<Loan | undefined> = [];
const free: number[] = [];

/** Puts the values of a loan into a config: a copy would cost as much as computing the header. */
export function lend(config: InternalAxiosRequestConfig, loan: Loan): InternalAxiosRequestConfig {
  const { beforeRedirect, value } = loan;
  const slot = free.pop() ?? slots.length;
  slots[slot] = loan;
  beforeRedirect[SLOT] = slot;
  config.beforeRedirect = beforeRedirect;
  // The caller set no Authorization in any spelling. A check by AxiosHeaders would take as long as a hash.
  if (value !== undefined) config.headers.Authorization = value;
  return config;
}

/** Removes the values of a loan from a config. */
export function takeBack(config: InternalAxiosRequestConfig, { beforeRedirect, original, value }: Loan): void {
  const slot = beforeRedirect[SLOT] as number;
  slots[slot] = undefined;
  free.push(slot);
  if (original) config.beforeRedirect = original;
  else delete config.beforeRedirect;
  if (value !== undefined) delete config.headers.Authorization;
}

/** The loan of a config, or of the config that it was copied from. */
export function loanOf({ beforeRedirect, headers }: InternalAxiosRequestConfig): Loan | undefined {
  if (free.length === slots.length) return undefined;
  const slot = (beforeRedirect as Loan['beforeRedirect'] | undefined)?.[SLOT];
  const loan = slot === undefined ? undefined : slots[slot];
  if (loan !== undefined && loan.beforeRedirect === beforeRedirect) return loan;
  const { Authorization: value } = headers;
  return typeof value === 'string' ? slots.find((one) => one?.value === value) : undefined;
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
