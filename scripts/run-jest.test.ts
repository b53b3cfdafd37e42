import { expect, it } from '@jest/globals';
import { count } from './run-jest.ts';

const report = {
  ...{ numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1 },
  numRuntimeErrorTestSuites: 0,
};

it.each([
  ['a good run', report, 0, { passed: 3, failed: 0, skipped: 2 }],
  [
    'a suite that does not load',
    { ...report, numRuntimeErrorTestSuites: 1 },
    1,
    { passed: 3, failed: 1, skipped: 2 },
  ],
  ['a run that ends badly after its tests', report, 1, { passed: 3, failed: 1, skipped: 2 }],
  ['a run that dies', undefined, null, { passed: 0, failed: 1, skipped: 0 }],
])('counts %s', (_, given, status, expected) => {
  expect(count(given, status)).toEqual(expected);
});
