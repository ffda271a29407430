/** Something else than Node sends the requests: it does not say on which connection, so no handshake goes on there. */

import nock from 'nock';
import { explain } from '../../../src/index.js';
import { legs } from '../../support/legs.js';
import { client, failure } from '../../support/stage.js';

afterAll(() => nock.restore());

test('a mock in place of Node gets no second message', async () => {
  const values: Array<string | undefined> = [];
  nock('http://legs.example')
    .get('/')
    .times(9)
    .reply(function () {
      const value: unknown = this.req.headers.authorization;
      values.push(value === undefined ? undefined : String(value));
      return [401, '', { 'WWW-Authenticate': value === undefined ? 'Legs' : 'Legs cXVlc3Rpb24=' }];
    });
  const error = await failure(client('http://legs.example', { schemes: [legs()] }).get('/'));
  expect(values).toEqual([undefined, 'Legs aGVsbG8=']);
  expect(explain(error)).toContain('something else than Node sends the requests of this process');
});
