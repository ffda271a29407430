import { unreadVariables } from '../../../../src/providers/env/unread.js';

const P = 'AXIOS_CHALLENGE';

test.each([
  [`${P}_USER`, `${P}_USERNAME`],
  [`${P}_USER_NAME`, `${P}_USERNAME`],
  [`${P}_PASSWD`, `${P}_PASSWORD`],
  [`${P}_PASSWORDFILE`, `${P}_PASSWORD_FILE`],
  [`${P}_ULR`, `${P}_URL`],
  [`${P}_NOPROMPT`, `${P}_NO_PROMPT`],
  ['AXIOS_CHALENGE_PASSWORD', `${P}_PASSWORD`],
  [`${P}_COLOUR`, undefined],
  [`${P}_FILES_EXAMPLE_URL`, undefined],
])('%s is not read; the meant name was %s', (name, meant) => {
  expect(unreadVariables({ [name]: 'x' })).toEqual([{ name, meant }]);
});

test.each([
  `${P}_URL`,
  `${P}_USERNAME`,
  `${P}_PASSWORD_FILE`,
  `${P}_FILES_EXAMPLE_PASSWORD`,
  `${P}_files_example___8080_TOKEN_FILE`,
  `${P}_NO_PROMPT`,
  `${P}_DEBUG`,
  `${P}_REALM`,
  'AXIOS_TIMEOUT',
  'HOME',
])('%s is not a mistake', (name) => {
  expect(unreadVariables({ [name]: 'x' })).toEqual([]);
});

test('other variables under the prefix of a tool belong to the tool', () => {
  const environment = { ACME_REGION: 'eu', ACME_USER: 'alice' };
  expect(unreadVariables(environment, 'ACME')).toEqual([{ name: 'ACME_USER', meant: 'ACME_USERNAME' }]);
});
