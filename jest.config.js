export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '^.+\\.ts$': ['ts-jest', { useESM: true, tsconfig: 'test/tsconfig.json' }] },
  // A test may start several processes, a store of secrets among them, on a busy machine.
  testTimeout: 60_000,
  // Most of a test is waiting for a process or a socket.
  maxWorkers: '100%',
  // For `npm run coverage`. Istanbul counts each `??` and each way out; V8 counts nothing in a function that never ran.
  coverageProvider: 'babel',
  // The command line runs in processes of its own (test/cli), which are not seen from here.
  collectCoverageFrom: ['src/**/*.ts', '!src/cli/**'],
  // What is open in axios/ is mostly for an axios that is not installed here (npm run test:versions), in providers/ for a
  // process or a terminal of its own (test/interop, test/pty).
  coverageThreshold: {
    './src/syntax/': { lines: 100, branches: 100 },
    './src/schemes/': { lines: 100, branches: 100 },
    './src/exchange/': { lines: 99.5, branches: 98.3 },
    './src/axios/': { lines: 98, branches: 90 },
    './src/providers/': { lines: 96, branches: 92 },
    './src/oauth/': { lines: 98, branches: 92.5 },
    './src/testing/': { lines: 98, branches: 94 },
    // What is in no room: the nouns and the doors.
    global: { lines: 100, branches: 100 },
  },
  coverageReporters: [['text', { skipFull: true }]],
  reporters: ['default', '<rootDir>/test/support/summary.js'],
};
