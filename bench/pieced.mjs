/** A plugin in one function, built up from the pieces of src: what the promises of this package cost, and nothing else. */

import { Agent } from 'node:http';
import axios from 'axios';
import { ALICE } from './clients.mjs';
import { BUILT, STEPS, THE_PIECES } from './join-pieces.mjs';

/**
 * A client with the pieces up to a step.
 *
 * @param challenge - of the protection space; without one, nothing is authorized
 */
export async function pieced(origin, challenge, step = STEPS.length - 1) {
  const pieces = await import(BUILT);
  const client = axios.create({ baseURL: origin, proxy: false, httpAgent: new Agent({ keepAlive: true }) });
  const sibling = pieces.siblingOf(client);
  const known = knownOf(origin, challenge, pieces);
  const [addresses, dispatch] = [new pieces.Addresses(sibling), pieces.dispatchOf(sibling)];
  const context = { pieces, step, known, addresses, dispatch, records: new WeakMap() };
  const wrap = (config) => {
    const { adapter } = config;
    config.adapter = (given) => send(given, adapter, context);
    return config;
  };
  client.interceptors.request.use(wrap, undefined, { synchronous: true });
  return { name: THE_PIECES, get: (path) => client.get(path) };
}

/** A memory in which the credential of the space was let in. */
function knownOf(origin, challenge, { Spaces, read, select, digest, rulesOf, clock }) {
  const provider = { name: 'bench', get: () => ALICE };
  const rules = rulesOf({ providers: [provider], schemes: [digest()] });
  const spaces = new Spaces();
  if (!challenge) return { rules, spaces, answer: undefined };
  const [choice] = select(read([challenge], rules.schemes, { origin })).choices;
  const space = spaces.of(origin, challenge);
  space.offered(choice, `${origin}/`);
  const answer = choice.offer.answer(ALICE);
  const session = space.open({ credential: ALICE, given: ALICE, provider, choice, answer }, clock);
  session.reputation.isProven = true;
  Object.assign(session, { admitted: true, approved: true });
  return { rules, spaces, answer };
}

async function send(given, adapter, { pieces, step, known, addresses, dispatch, records }) {
  const config = step >= 3 ? pieces.withoutLoan(given) : given;
  config.adapter = adapter;
  if (step >= 1 && !pieces.isOrdinary(config)) throw new Error('not ordinary');
  const record = { began: performance.now(), redirects: 0 };
  const { target, direct, value } = authorized(config, step, known, addresses, pieces);
  const beforeRedirect = () => {
    record.redirects += 1;
  };
  const loan = { beforeRedirect, original: config.beforeRedirect, value };
  if (step >= 3) pieces.lend(config, loan);
  else put(config, loan);
  const response = await dispatch(config, adapter);
  if (step >= 3) pieces.takeBack(config, loan);
  else take(config, loan);
  record.milliseconds = performance.now() - record.began;
  const outcome = { ok: true, response };
  if (step >= 4) pieces.noteBytesRead(response.request, pieces.readsWholeBody(config));
  if (step >= 5) pieces.conceal(outcome, config);
  if (step >= 7) hear(response, { known: direct }, target, pieces, known.rules);
  if (step >= 7) pieces.remember(outcome, () => record);
  else records.set(response, () => record);
  return response;
}

function authorized(config, step, { rules, spaces, answer }, addresses, { directSend, clock }) {
  if (!answer) return {};
  const target = step >= 2 ? addresses.target(config) : { method: 'GET', uri: config.url };
  if (step < 6) return { target, value: answer.authorize(target).value };
  const direct = directSend({ rules, spaces, isExposed: () => false }, target, clock).known;
  return { target, direct, value: direct.authorizations.origin.value };
}

function put(config, { beforeRedirect, value }) {
  config.beforeRedirect = beforeRedirect;
  if (value) config.headers.Authorization = value;
}

function take(config, { value }) {
  delete config.beforeRedirect;
  if (value) delete config.headers.Authorization;
}

function hear(response, sent, target, { needsExchange, fieldOf }, rules) {
  sent.known?.end();
  const authenticationInfo = target && fieldOf(response, 'authentication-info');
  const hasMoved = target !== undefined && response.request.res.responseUrl !== target.url;
  if (needsExchange(sent, { status: response.status, authenticationInfo, hasMoved }, rules))
    throw new Error('the response says more');
}
