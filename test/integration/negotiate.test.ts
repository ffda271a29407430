/** Negotiate against a judge of its own: how often is sent, which connection, what is believed, and what comes next. */

import { basic, digest, explain, type Scheme } from '../../src/index.js';
import { type NegotiateOptions, negotiateWith } from '../../src/schemes/negotiate/negotiate.js';
import { type FakeKerberos, fakeKerberos } from '../support/fake-kerberos.js';
import { type NegotiatePlay, negotiateJudge } from '../support/negotiate-judge.js';
import { alice, client, spy } from '../support/stage.js';
import { withoutTimes } from '../support/times.js';

const lenient = { validateStatus: null };
const BASIC = `Basic ${Buffer.from('alice:wonderland').toString('base64')}`;

function schemesFor(url: string, fake: FakeKerberos, options: Partial<NegotiateOptions> = {}): Scheme[] {
  return [negotiateWith({ origins: [url], ...options }, fake.load), digest(), basic()];
}

async function stage(play: NegotiatePlay = {}, options: Partial<NegotiateOptions> = {}) {
  const judge = await negotiateJudge(play);
  const fake = fakeKerberos();
  const provider = spy(alice);
  const auth = { schemes: schemesFor(judge.url, fake, options), providers: [provider] };
  return { judge, fake, provider, auth, http: client(judge.url, auth, lenient) };
}

describe('how often is sent', () => {
  test('a server that lets each request in by itself: three requests, four sends, a token each', async () => {
    const { judge, fake, http, provider } = await stage();
    for (let i = 0; i < 3; i += 1) expect((await http.get('/a')).data).toBe('come in');
    expect(judge.messages()).toEqual([0, 1, 1, 1]);
    expect(judge.statuses()).toEqual([401, 200, 200, 200]);
    expect(fake.asked).toHaveLength(3);
    expect(provider.asked).toEqual([]);
  });

  test.each<[string, NegotiatePlay, ReadonlyArray<number | string>]>([
    ['Persistent-Auth: true', { bound: true, persistent: 'true' }, [0, 1, 0, 0]],
    ['Persistent-Auth: false', { bound: true, persistent: 'false' }, [0, 1, 1, 1]],
    ['false after two messages', { legs: 2, persistent: 'false' }, [0, 1, 2, 1, 2, 1, 2]],
    ['nothing after one message: each request', { bound: true }, [0, 1, 1, 1]],
    ['nothing after two messages: the connection', { legs: 2, bound: true }, [0, 1, 2, 0, 0]],
  ])('%s', async (_, play, messages) => {
    const { judge, http } = await stage(play);
    for (let i = 0; i < 3; i += 1) expect((await http.get('/a')).status).toBe(200);
    expect(judge.messages()).toEqual(messages);
    expect(new Set(judge.sockets().slice(1)).size).toBe(1);
  });

  test('a word that is not kept: the next handshake takes a new connection', async () => {
    const { judge, http } = await stage({ persistent: 'true' });
    expect((await http.get('/a')).status).toBe(200);
    expect((await http.get('/a')).status).toBe(200);
    expect(judge.messages()).toEqual([0, 1, 0, 1]);
    expect(judge.sockets()[3]).not.toBe(judge.sockets()[2]);
  });

  test('many at once, cold and warm: each has a token of its own', async () => {
    const { judge, http } = await stage();
    const all = () => Promise.all(Array.from({ length: 20 }, () => http.get('/a')));
    expect((await all()).map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(judge.messages().filter((one) => one === 1)).toHaveLength(20);
    judge.judged.length = 0;
    expect((await all()).map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(judge.statuses()).toEqual(Array(20).fill(200));
  });

  test('a body arrives with the token', async () => {
    const { judge, http } = await stage();
    expect((await http.post('/a', Buffer.alloc(50_000, 'x'))).status).toBe(200);
    expect(judge.judged.at(-1)).toMatchObject({ message: 1, bytes: 50_000 });
  });
});

describe('a server that plays tricks', () => {
  test('tokens without end: five sends', async () => {
    const { judge, http } = await stage({ legs: 'endless' });
    const response = await http.get('/a');
    expect([response.status, judge.messages()]).toEqual([401, [0, 1, 2, 3, 4]]);
    expect(explain(response)).toContain('the server wants more than 4 messages of Negotiate');
  });

  test('bare Negotiate for ever: two sends, and then one, for the ticket is refused', async () => {
    const { judge, http, provider } = await stage({ bare: true });
    const response = await http.get('/a');
    expect([response.status, judge.messages()]).toEqual([401, [0, 1]]);
    expect(explain(response)).toContain('what to do: the server does not take the ticket');
    expect((await http.get('/a')).status).toBe(401);
    expect(judge.messages()).toEqual([0, 1, 0]);
    expect(provider.told).toEqual([]);
  });

  test('a token that says no, as IIS sends it: the next challenge', async () => {
    const { judge, http } = await stage({ says: 'oQcwBaADCgEC', beside: ['Basic realm="lab"'], basic: BASIC });
    expect((await http.get('/a')).status).toBe(200);
    expect(judge.messages()).toEqual([0, 1, 'Basic']);
  });

  test('nonsense in place of its message: two sends, and the reason', async () => {
    const { judge, http } = await stage({ says: Buffer.from('nonsense').toString('base64') });
    const response = await http.get('/a');
    expect([response.status, judge.messages()]).toEqual([401, [0, 1]]);
    expect(explain(response)).toContain("the server's message of Negotiate is not taken");
  });

  test('it closes the connection between the messages: no message goes to another one', async () => {
    const { judge, http } = await stage({ legs: 2, closes: true });
    const response = await http.get('/a');
    expect([response.status, judge.messages()]).toEqual([401, [0, 1]]);
  });
});

describe('the proof of the server', () => {
  test.each([200, 403, 500])('a wrong final token with a %i: ERR_AUTH_MUTUAL', async (status) => {
    const { http } = await stage({ final: 'wrong', status });
    await expect(http.get('/a')).rejects.toMatchObject({
      code: 'ERR_AUTH_MUTUAL',
      message: expect.stringContaining('sent a wrong final token'),
    });
  });

  test('mutual: off does not look', async () => {
    const { judge, auth } = await stage({ final: 'wrong' });
    expect((await client(judge.url, { ...auth, mutual: 'off' }, lenient).get('/a')).status).toBe(200);
  });

  test('mutual: require wants a final token with each response', async () => {
    const { judge, auth } = await stage({ final: 'none' });
    const strict = client(judge.url, { ...auth, mutual: 'require' }, lenient);
    await expect(strict.get('/a')).rejects.toMatchObject({ code: 'ERR_AUTH_MUTUAL' });
  });

  test('mutual: require is content with the right one', async () => {
    const { judge, auth } = await stage({ bound: true, persistent: 'true' });
    const strict = client(judge.url, { ...auth, mutual: 'require' }, lenient);
    for (let i = 0; i < 2; i += 1) expect((await strict.get('/a')).status).toBe(200);
    expect(judge.messages().filter((one) => one === 1)).toHaveLength(2);
  });

  test('NTLM inside proves nothing', async () => {
    const { judge, fake, auth } = await stage({ legs: 2 });
    fake.ntlm = true;
    const response = await client(judge.url, auth, lenient).get('/a');
    expect([response.status, judge.messages()]).toEqual([200, [0, 1, 2]]);
    expect(explain(response)).toContain('NTLM inside');
    const strict = client(judge.url, { ...auth, mutual: 'require' }, lenient);
    await expect(strict.get('/a')).rejects.toMatchObject({ code: 'ERR_AUTH_MUTUAL' });
  });
});

describe('what comes next', () => {
  const besides = { beside: ['Basic realm="lab"'], basic: BASIC };

  test.each<[string, string, string]>([
    [
      'no ticket',
      'No Kerberos credentials available (default cache: FILE:/tmp/x)',
      'there is no Kerberos ticket: kinit',
    ],
    [
      'a wrong service',
      'Server HTTP/127.0.0.1@LAB.TEST not found in Kerberos database',
      'HTTP@127.0.0.1: use the host name',
    ],
    ['the clock', 'Clock skew too great', 'set the clock'],
    ['a ticket that has run out', 'Ticket expired', 'the Kerberos ticket has run out: kinit'],
    ['no KDC', "Cannot contact any KDC for realm 'LAB.TEST'", 'no KDC can be reached'],
    ['anything else', 'The moon is full', 'The moon is full'],
  ])('%s: the next challenge of the same 401, and the reason', async (_, trouble, reason) => {
    const { judge, fake, http, provider } = await stage(besides);
    fake.trouble = trouble;
    const response = await http.get('/a');
    expect([response.status, judge.messages()]).toEqual([200, [0, 'Basic']]);
    expect(explain(response)).toContain(reason);
    expect(provider.told).toEqual([['approve', 'alice']]);
  });

  test('no package: how to install it', async () => {
    const judge = await negotiateJudge();
    const load = async () => {
      throw Object.assign(new Error("Cannot find package 'kerberos'"), { code: 'ERR_MODULE_NOT_FOUND' });
    };
    const schemes = [negotiateWith({ origins: [judge.url] }, load), basic()];
    const response = await client(judge.url, { schemes }, lenient).get('/a');
    expect(explain(response)).toContain('kerberos is not installed (npm install kerberos)');
    expect(explain(response)).toContain('(ERR_AUTH_NONE)');
    expect(explain(response)).toContain('what to do: get a ticket');
  });

  test('a ticket that runs out between two requests: bare, and the next challenge; that is no downgrade', async () => {
    const { judge, fake, http } = await stage(besides);
    expect((await http.get('/a')).status).toBe(200);
    fake.trouble = 'Ticket expired';
    const response = await http.get('/a');
    expect([response.status, judge.messages()]).toEqual([200, [0, 1, 0, 'Basic']]);
    expect(explain(response)).toContain('has run out');
  });

  test('a ticket that runs out is looked for anew where a 401 is answered with it', async () => {
    const { judge, fake, http } = await stage(besides);
    expect((await http.get('/a')).status).toBe(200);
    fake.trouble = 'Ticket expired';
    const response = await http.get('/a', { challenge: { preemptive: false } });
    expect([response.status, judge.messages()]).toEqual([200, [0, 1, 0, 'Basic']]);
    expect(explain(response)).toContain('has run out');
  });

  test('a ticket that is there when it is asked for, and never when it is used: the 401, after a few tries', async () => {
    const [judge, fake] = [await negotiateJudge(), fakeKerberos()];
    const ticket = { name: 'ticket', get: () => ({ username: 'the ticket of this machine' }) };
    const schemes = schemesFor(judge.url, fake).map((scheme) => ({ ...scheme, provider: ticket }));
    fake.trouble = 'Ticket expired';
    const response = await client(judge.url, { schemes, providers: [spy(alice)] }, lenient).get('/a');
    expect([response.status, judge.messages(), fake.asked.length]).toEqual([401, [0], 3]);
    expect(explain(response)).toContain('(ERR_AUTH_PROVIDER)');
  });

  test('the account that the caller names is the only one', async () => {
    const { judge, fake, http } = await stage(besides);
    const { status } = await http.get('/a', { auth: alice });
    expect([status, judge.messages()]).toEqual([200, ['Basic']]);
    const wrong = await http.get('/a', { auth: { username: 'alice', password: 'no' } });
    expect([wrong.status, judge.messages()]).toEqual([401, ['Basic', 'Basic']]);
    const other = await negotiateJudge(besides);
    const named = other.url.replace('//', '//bob@');
    const auth = { schemes: schemesFor(other.url, fake), providers: [spy(alice)] };
    const response = await client(named, auth, lenient).get('/a');
    expect([response.status, other.messages()]).toEqual([401, [0]]);
    expect(explain(response)).toContain('gave another user name than the one that was asked for');
  });

  test('after a success, Basic alone at the same place is a downgrade', async () => {
    const play: NegotiatePlay = { ...besides };
    const { judge, http, provider } = await stage(play);
    expect((await http.get('/a')).status).toBe(200);
    play.isOffered = false;
    judge.judged.length = 0;
    const response = await http.get('/a');
    expect([response.status, judge.messages()]).toEqual([401, [1]]);
    expect(explain(response)).toContain('(ERR_AUTH_DOWNGRADE)');
    expect(provider.asked).toEqual([]);
  });

  test('order: Negotiate before Digest', async () => {
    const { judge, http } = await stage({
      beside: ['Digest realm="lab", nonce="abc", qop="auth", algorithm=SHA-512-256'],
    });
    expect((await http.get('/a')).status).toBe(200);
    expect(judge.messages()).toEqual([0, 1]);
  });
});

test('what explain says', async () => {
  const { judge, http } = await stage({}, { principal: 'alice@LAB.TEST' });
  const response = await http.get('/a');
  expect(
    withoutTimes(explain(response)).replaceAll(judge.url, 'http://files.example'),
  ).toBe(`GET http://files.example/a  ->  200
  1  sent without credentials                         401  Negotiate
     ticket    alice@LAB.TEST
     chose Negotiate
  2  sent as alice@LAB.TEST (Negotiate)               200`);
});
