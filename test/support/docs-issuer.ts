/** The issuer of the examples, and a server that asks for its tokens: https://id.example and https://files.example. */

import type { Hosts } from './docs-run.js';
import { mcpServer } from './mcp.js';
import { MCP_JOB, mcpIssuer } from './mcp-issuer.js';
import { plainServer } from './stage.js';

export interface TokenExample {
  readonly hosts: Hosts;
  /** The environment of the program. */
  readonly variables: NodeJS.ProcessEnv;
  /** How many requests came with a token that is good here. */
  letIn(): number;
}

/** Whether an example needs them. */
export function needsIssuer(code: string): boolean {
  return /\bid\.example\b|\bdiscover: true\b/.test(code);
}

/** Both, for one example: where it discovers the issuer, `/mcp` is a real MCP server. */
export async function tokenExample(code: string): Promise<TokenExample> {
  let letIn = 0;
  const issuer = await mcpIssuer();
  const verify = async (token: string, resource: string) => {
    const claims = await issuer.verify(token, resource);
    letIn += 1;
    return claims;
  };
  const files = code.includes('discover: true')
    ? new URL((await mcpServer({ ...issuer, verify })).url).origin
    : await filesServer(verify);
  const variables = { CLIENT_SECRET: MCP_JOB.clientSecret };
  return { hosts: { files, id: issuer.issuer }, variables, letIn: () => letIn };
}

async function filesServer(verify: (token: string, resource: string) => Promise<unknown>): Promise<string> {
  const { url } = await plainServer(async ({ headers }, response) => {
    const token = headers.authorization?.replace('Bearer ', '');
    const isGood = token !== undefined && (await verify(token, url).catch(() => undefined)) !== undefined;
    const challenge = `Bearer realm="Files"${token === undefined ? '' : ', error="invalid_token"'}`;
    response.writeHead(isGood ? 200 : 401, isGood ? {} : { 'WWW-Authenticate': challenge });
    response.end(isGood ? '"three cups of tea"' : '"no"');
  });
  return url;
}
