/**
 * NTLM, for servers of an intranet that offer nothing better. It is answered for the origins that are named, and no other.
 *
 * @module axios-challenge/ntlm
 */

export { type NtlmOptions, ntlm } from './schemes/ntlm/ntlm.js';
