/** `npm run mutate`: mutants of the pure cores, judged by their unit tests. `-- --mutate path` takes one file. */
export default {
  plugins: ['@stryker-mutator/jest-runner'],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
  jest: { configFile: 'mutation/jest.config.js', enableFindRelatedTests: true },
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  mutate: [
    'actions/*/src/{plan,policy,target,verdict}.ts',
    'actions/rollback/src/{guards,scope,stuck-pod,workloads}.ts',
    'actions/helm-deploy/src/{proved-images,left-unverified}.ts',
    'toolkit/environments/*.ts',
    'toolkit/findings/{baseline,fingerprint,line-hash,merge-vulnerabilities,policy}.ts',
    'toolkit/statistics/*.ts',
    '!**/*.test.ts',
  ],
  ignorePatterns: ['/out', '/docs', '/actions/*/dist', '/examples'],
  tempDirName: 'out/stryker',
  concurrency: 2,
  // A mutant that never ends is killed by time; one that a busy machine slows down must not look like it.
  timeoutMS: 60_000,
  reporters: ['progress', 'clear-text', 'json', 'html'],
  clearTextReporter: { allowColor: false, reportTests: false },
  jsonReporter: { fileName: 'out/mutation/report.json' },
  htmlReporter: { fileName: 'out/mutation/report.html' },
  thresholds: { high: 95, low: 85, break: 85 },
};
