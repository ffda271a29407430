/** An agent whose connections lead nowhere: its responses are made in this process, or never come. */

import { Agent } from 'node:http';
import { Duplex } from 'node:stream';

const CHALLENGE = 'WWW-Authenticate: Digest realm="bench", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", qop="auth"\r\n';

/** Requests for a path under `/held/` are never answered; any other is challenged, and then let in. */
export function memoryAgent() {
  const agent = new Agent({ keepAlive: true });
  agent.createConnection = () => new Connection();
  return agent;
}

class Connection extends Duplex {
  _read() {}

  _write(chunk, _encoding, done) {
    const request = chunk.toString('latin1');
    if (!request.startsWith('GET /held/'))
      setImmediate(() => this.push(request.includes('Digest ') ? respond('200 OK') : respond('401 No', CHALLENGE)));
    done();
  }

  setKeepAlive() {}
  setNoDelay() {}
  setTimeout() {}
  ref() {}
  unref() {}
}

function respond(status, fields = '') {
  return `HTTP/1.1 ${status}\r\n${fields}Content-Length: 0\r\nConnection: keep-alive\r\n\r\n`;
}
