/** Recognizes the hosts that are this machine: a request to such a host does not cross a network. */

/** RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3. `hostname` is from a URL, so the spelling is normalized. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/**
 * The same for the address of a connection, as Node writes it: a socket for both IPv6 and IPv4 shows an IPv4 address as
 * a mapped IPv6 address (RFC 4291 §2.5.5.2).
 */
export function isLoopbackAddress(address: string): boolean {
  return /^(::1|(::ffff:)?127(\.\d+){3})$/i.test(address);
}
