/** Asks and tells the credential helpers of git. */

import type { CredentialRequest } from '../../model.js';
import { broken, call, type GitCall } from './call.js';
import { type Attributes, descriptionOf, mismatch, parse } from './format.js';

/** The answer of the helpers, or why they have no answer. */
export async function askHelpers(git: GitCall, request: CredentialRequest): Promise<Attributes | string> {
  const description = descriptionOf(request, git.useHttpPath);
  if (description === undefined) return 'does not support Unix sockets';
  const { status, stdout } = await call(git, 'fill', description, request.signal);
  if (status === null) throw broken('git credential fill was killed');
  // If no helper has a credential, git fails because it must not prompt; it has no other way to report this.
  if (status !== 0) return `no helper has a password for ${request.origin}`;
  const answer = parse(stdout);
  return mismatch(description, answer) ?? answer;
}

/** Tells the helpers what the server said of a password. */
export async function tellHelpers(
  git: GitCall,
  action: 'approve' | 'reject',
  answer: Attributes,
  signal?: AbortSignal,
): Promise<void> {
  const { status } = await call(git, action, answer, signal);
  if (status !== 0) throw broken(`git credential ${action} failed`);
}
