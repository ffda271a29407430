/** The other end, a process of its own: answers at once, challenges where the path says so, and counts what passes. */

import { hash } from 'node:crypto';
import { createServer } from 'node:http';

const NONCE = 'dcd98b7102dd2f0e8b11d0f600bfb0c093';
const DIGEST = `Digest realm="bench", nonce="${NONCE}", qop="auth", opaque="5ccc069c403ebaf9"`;
const CHALLENGES = {
  '/digest/': DIGEST,
  '/informs/': DIGEST,
  '/digest256/': `${DIGEST}, algorithm=SHA-256`,
};
const COUNTED = /[ ,]nc="?([0-9a-f]{8})/i;
const CNONCE = /[ ,]cnonce="([^"]*)"/i;
const md5 = (text) => hash('md5', text);
const HA1 = md5('alice:bench:wonderland');

const sockets = new Set();
let count = zero();

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  count.requests += 1;
  const challenge = CHALLENGES[request.url.slice(0, request.url.indexOf('/', 1) + 1)];
  if (challenge && !isAuthorized(request.headers.authorization)) {
    response.writeHead(401, { 'WWW-Authenticate': challenge, 'Content-Length': 0 }).end();
  } else {
    if (request.url.startsWith('/informs/')) response.setHeader('Authentication-Info', proofFor(request));
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 2 }).end('{}');
  }
});

server.on('connection', (socket) => {
  sockets.add(socket);
  socket.on('close', () => {
    sockets.delete(socket);
    count.bytesIn += socket.bytesRead;
    count.bytesOut += socket.bytesWritten;
  });
});

process.on('message', () => {
  process.send(report());
  count = zero();
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send({ origin: `http://127.0.0.1:${server.address().port}` }));

/** It asks for Digest with an nc, and checks no hash: what is measured is the client. */
function isAuthorized(authorization) {
  const nc = authorization?.startsWith('Digest ') && COUNTED.exec(authorization)?.[1];
  if (!nc) return false;
  count.authorized += 1;
  count.ncs.add(nc);
  return true;
}

/** The proof that Apache sends with every response (RFC 7616 §3.5), for alice with MD5. */
function proofFor({ url, headers: { authorization } }) {
  const [nc, cnonce] = [COUNTED, CNONCE].map((param) => param.exec(authorization)[1]);
  const rspauth = md5(`${HA1}:${NONCE}:${nc}:${cnonce}:auth:${md5(`:${url}`)}`);
  return `rspauth="${rspauth}", cnonce="${cnonce}", nc=${nc}, qop=auth`;
}

/** What passed since the last report, open connections included. */
function report() {
  let { bytesIn, bytesOut } = count;
  for (const { bytesRead, bytesWritten } of sockets) {
    bytesIn += bytesRead;
    bytesOut += bytesWritten;
  }
  return { ...count, ncs: count.ncs.size, bytesIn, bytesOut };
}

function zero() {
  const open = [...sockets];
  return {
    requests: 0,
    authorized: 0,
    ncs: new Set(),
    bytesIn: -sum(open.map(({ bytesRead }) => bytesRead)),
    bytesOut: -sum(open.map(({ bytesWritten }) => bytesWritten)),
  };
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}
