/** Reads environment variables, own properties only (SEC-28). */

/** The default prefix of the variable names. */
export const PREFIX = 'AXIOS_CHALLENGE';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Own properties only (SEC-28). */
export function variable(environment: Environment, name: string): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] : undefined;
}
