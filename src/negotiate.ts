/**
 * Negotiate: Kerberos, with the ticket that this machine holds. It is answered for the origins that are named, and no other.
 *
 * @module axios-challenge/negotiate
 */

export { type NegotiateOptions, negotiate } from './schemes/negotiate/negotiate.js';
