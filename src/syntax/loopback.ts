/** Hosts that are this machine: what is sent there travels nowhere. */

/** RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3. `hostname` is a URL's: its parser knows every spelling of an address. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
