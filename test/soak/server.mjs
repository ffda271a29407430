/** The other end of the soak, a process of its own: Digest with nonces that expire, each nc once, and everything counted. */

import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

const [LIFETIME] = process.argv.slice(2).map(Number);
const REALM = 'soak';

/** When each nonce was issued, and which nc it has seen. */
const nonces = new Map();
const sockets = new Set();
const count = { accepted: 0, cold: 0, stale: 0, wrong: 0, replayed: 0, mostSockets: 0 };

const md5 = (text) => createHash('md5').update(text).digest('hex');
const HA1 = md5(`alice:${REALM}:wonderland`);

const server = createServer({ keepAliveTimeout: 60_000 }, ({ method, url, headers }, response) => {
  const verdict = judge(headers.authorization, method, url);
  count[verdict] += 1;
  if (verdict === 'accepted') {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 2 }).end('{}');
    return;
  }
  const stale = verdict === 'stale' ? ', stale=true' : '';
  const challenge = `Digest realm="${REALM}", nonce="${issue()}", qop="auth"${stale}`;
  response.writeHead(401, { 'WWW-Authenticate': challenge, 'Content-Length': 0 }).end();
});

function judge(authorization, method, url) {
  if (authorization === undefined) return 'cold';
  const { nonce, nc, cnonce, response } = paramsOf(authorization);
  const right = md5(`${HA1}:${nonce}:${nc}:${cnonce}:auth:${md5(`${method}:${url}`)}`);
  if (response !== right) return 'wrong';
  const known = nonces.get(nonce);
  if (!known || Date.now() - known.at > LIFETIME) return 'stale';
  if (known.seen.has(nc)) return 'replayed';
  known.seen.add(nc);
  return 'accepted';
}

function issue() {
  const nonce = randomBytes(16).toString('base64url');
  nonces.set(nonce, { at: Date.now(), seen: new Set() });
  for (const [old, { at }] of nonces) {
    if (Date.now() - at <= LIFETIME) break;
    nonces.delete(old);
  }
  return nonce;
}

function paramsOf(authorization) {
  return Object.fromEntries(
    [...authorization.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g)].map(([, a, b, c]) => [a, b ?? c]),
  );
}

server.on('connection', (socket) => {
  sockets.add(socket);
  count.mostSockets = Math.max(count.mostSockets, sockets.size);
  socket.on('close', () => sockets.delete(socket));
});

process.on('message', () => process.send({ ...count, sockets: sockets.size }));
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send({ origin: `http://127.0.0.1:${server.address().port}` }));
