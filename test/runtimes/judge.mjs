/** The strict server of the built package, in a process of Node: it judges what another runtime sends. */

import { createServer } from 'node:http';
import { challengeServer } from 'axios-challenge/testing';

const judges = [];

/** Starts one more strict server. `redirects` has the place that a path leads to, once the request is accepted. */
async function start({ redirects = {}, ...options }) {
  const judge = await challengeServer({
    ...options,
    onAuthenticated: ({ url, user, body }, response) => {
      const Location = redirects[url];
      if (Location) response.writeHead(302, { Location }).end();
      else response.end(JSON.stringify({ user, bytes: body.length }));
    },
  });
  judges.push(judge);
  return { url: judge.url, number: judges.length - 1 };
}

const record = ({ url, method, status, stale, scheme, user, nc, violation, authorization, body }) => {
  return { url, method, status, stale, scheme, user, nc, violation, authorization, body: body.toString('base64') };
};

/** POST starts a server with the options in the body, GET /NUMBER has its requests. */
const desk = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const answer =
    request.method === 'POST'
      ? await start(JSON.parse(Buffer.concat(parts)))
      : judges[Number(request.url.slice(1))].requests.map(record);
  response.end(JSON.stringify(answer));
});

desk.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${desk.address().port}`));
process.on('disconnect', () => process.exit());
