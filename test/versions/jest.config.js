/** The same tests with another axios: AXIOS names the folder in node_modules beside this file; without it, the usual one. */

import base from '../../jest.config.js';

const { AXIOS } = process.env;

export default {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test'],
  moduleNameMapper: { ...base.moduleNameMapper, ...(AXIOS && { '^axios$': AXIOS }) },
  modulePaths: ['<rootDir>/test/versions/node_modules'],
};
