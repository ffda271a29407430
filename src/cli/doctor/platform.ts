/** Checks the versions of Node and axios. */

import { isAtLeast, versionOf } from '../io/version.js';
import { type Finding, finding } from './findings/finding.js';

const NODE = '20.19.0';
const AXIOS = '1.7.0';

export function checkNode(version = process.versions.node): Finding {
  if (isAtLeast(version, NODE)) return finding('Node', 'ok', version);
  return finding('Node', 'bad', `${version} is too old`, `install Node ${NODE} or newer`);
}

export function checkAxios(version = versionOf('axios')): Finding {
  if (version === undefined) return finding('axios', 'bad', 'not installed', 'npm install axios');
  if (isAtLeast(version, AXIOS) && version.startsWith('1.')) return finding('axios', 'ok', version);
  return finding('axios', 'bad', `${version} is not supported`, `npm install axios@1 (${AXIOS} or newer)`);
}
