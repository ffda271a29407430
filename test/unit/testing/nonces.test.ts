/** What a nonce is good for, and for how long. */

import { Agent } from 'node:http';
import type { Protection } from '../../../src/testing/challenge-server.js';
import { Nonce } from '../../../src/testing/nonces.js';
import { by, type Hand, param } from './by-hand.js';
import { send, sendBy, server, start, startDigest } from './stage.js';

describe('a nonce', () => {
  const outcome = async (challenge: string | undefined, hand?: Hand) => {
    const { status, challenges } = await sendBy(challenge, hand);
    return status === 401 && param(challenges[0], 'stale') ? 'stale' : status;
  };

  test('is valid for each nc once, in any order', async () => {
    const challenge = await startDigest();
    const counts = ['00000003', '00000001', '00000003', '00000001', '00000002', '00000002', '00000004'];
    const outcomes = [];
    for (const nc of counts) outcomes.push(await outcome(challenge, { nc }));
    expect(outcomes).toEqual([200, 200, 401, 401, 200, 401, 200]);
  });

  test('does not lose an nc to a wrong response', async () => {
    const challenge = await startDigest();
    expect(await outcome(challenge, { password: 'x' })).toBe(401);
    expect(await outcome(challenge)).toBe(200);
  });

  test('with a strict order takes only the next nc', async () => {
    const challenge = await startDigest({ ncOrder: 'strict' });
    const outcomes = [];
    for (const nc of ['00000002', '00000001', '00000003', '00000002', '00000002']) {
      outcomes.push(await outcome(challenge, { nc }));
    }
    expect(outcomes).toEqual([401, 200, 401, 200, 401]);
  });

  test('can be called stale for its nc', async () => {
    const challenge = await startDigest({ staleOnBadNc: true });
    expect(await outcome(challenge)).toBe(200);
    expect(await outcome(challenge)).toBe('stale');
    expect(server.requests.at(-1)?.stale).toBe(true);
  });

  test('is stale after its uses, but only for a client that knows the password', async () => {
    const challenge = await startDigest({ nonceUses: 2 });
    expect(await outcome(challenge, { nc: '00000001' })).toBe(200);
    expect(await outcome(challenge, { nc: '00000002' })).toBe(200);
    expect(await outcome(challenge, { nc: '00000003' })).toBe('stale');
    expect(await outcome(challenge, { nc: '00000003', password: 'x' })).toBe(401);
  });

  test('is stale after its lifetime', async () => {
    const { now } = Date;
    Date.now = () => 1_000;
    try {
      const challenge = await startDigest({ nonceLifetime: 60_000 });
      Date.now = () => 60_999;
      expect(await outcome(challenge)).toBe(200);
      Date.now = () => 61_000;
      expect(await outcome(challenge, { nc: '00000002' })).toBe('stale');
    } finally {
      Date.now = now;
    }
  });

  test('that the server never issued is stale if the response is right for it', async () => {
    const challenge = await startDigest();
    expect(await outcome(challenge, { nonce: 'made-up' })).toBe('stale');
    expect(await outcome(challenge, { nonce: 'made-up', password: 'x' })).toBe(401);
  });

  test('is never called stale with staleFlag false', async () => {
    const challenge = await startDigest({ nonceUses: 0, staleFlag: false });
    const reply = await sendBy(challenge);
    expect([reply.status, param(reply.challenges[0], 'stale')]).toEqual([401, undefined]);
    expect(server.requests.at(-1)).not.toHaveProperty('stale');
  });

  test('is always stale with alwaysStale', async () => {
    const challenge = await startDigest({ alwaysStale: true });
    expect(await outcome(challenge)).toBe('stale');
    expect(await outcome(challenge, { password: 'x' })).toBe(401);
  });

  test('is fresh with each 401', async () => {
    const challenge = await startDigest();
    expect(param((await send()).challenges[0], 'nonce')).not.toBe(param(challenge, 'nonce'));
  });

  test('is shared until it is used up', async () => {
    const nonceOf = async (headers = {}) => param((await send({ headers })).challenges[0], 'nonce');
    const challenge = await startDigest({ sharedNonce: true, nonceUses: 1 });
    const first = param(challenge, 'nonce');
    expect(await nonceOf()).toBe(first);
    expect(await outcome(challenge)).toBe(200);
    const second = await nonceOf(by(challenge, { nc: '00000002' }));
    expect(second).not.toBe(first);
    expect(await nonceOf(by(challenge, { nc: '00000003' }))).toBe(second);
    expect(await nonceOf()).toBe(second);
  });

  test('is not shared any more after it was refused or used up, or got a nextnonce', async () => {
    const nonceOf = async (headers = {}) => param((await send({ headers })).challenges[0], 'nonce');
    const refused = await startDigest({ sharedNonce: true, alwaysStale: true });
    expect(await nonceOf(by(refused))).not.toBe(param(refused, 'nonce'));
    await server.close();
    const used = await startDigest({ sharedNonce: true, nonceUses: 1 });
    expect(await outcome(used)).toBe(200);
    expect(await nonceOf()).not.toBe(param(used, 'nonce'));
    await server.close();
    const followed = await startDigest({ sharedNonce: true, nextnonce: 'always' });
    const info = (await sendBy(followed)).headers['authentication-info'] as string;
    expect(await nonceOf()).toBe(param(info, 'nextnonce'));
  });

  test('remembers a bounded number of gaps in its counts', () => {
    const nonce = new Nonce('space');
    for (let nc = 2; nc < 1_026; nc += 1) expect(nonce.count(nc, 'any')).toBe(true);
    expect(nonce.count(1, 'any')).toBe(true);
    for (let nc = 1_027; nc < 2_053; nc += 1) expect(nonce.count(nc, 'any')).toBe(true);
    expect(nonce.count(1_026, 'any')).toBe(false);
    expect(nonce.count(2_053, 'any')).toBe(true);
  });

  test('is valid for every path with the same realm and algorithm, and for no other path', async () => {
    const one: Protection = { scheme: 'digest', algorithm: 'SHA-256' };
    await start({ protect: { '/a': one, '/b': one, '/c': { ...one, realm: 'other' }, '/d': { scheme: 'basic' } } });
    const [challenge] = (await send({ target: '/a' })).challenges;
    const go = async (uri: string, nc: string) =>
      (await send({ target: uri, headers: by(challenge, { uri, nc }) })).status;
    expect(await go('/b', '00000001')).toBe(200);
    expect(await go('/c', '00000002')).toBe(401);
    expect(await go('/d', '00000003')).toBe(401);
    expect(server.requests.map(({ violation }) => violation)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('is forgotten after 10,000 newer nonces were issued', async () => {
    const forty: Protection[] = Array.from({ length: 40 }, () => ({ scheme: 'digest', algorithm: 'MD5' }));
    await start({ protect: { '/': { scheme: 'digest' }, '/forty': forty } });
    const [challenge] = (await send()).challenges;
    expect(await outcome(challenge)).toBe(200);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let at = 0; at < 250; at += 1) await send({ target: '/forty', agent });
    agent.destroy();
    expect(await outcome(challenge, { nc: '00000002' })).toBe('stale');
  });
});
