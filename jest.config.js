/** `unit` runs beside the sources, `e2e` runs the shipped bundles on the rig, `faults` breaks things while they run. */
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        // The global set-up is compiled to CommonJS; its `import()` must stay one to reach packages that are ESM only.
        module: { type: 'es6', ignoreDynamic: true },
      },
    ],
  },
};

const onRig = {
  ...shared,
  testMatch: ['**/*.test.ts'],
  globalSetup: '<rootDir>/e2e/setup/start-rig.ts',
  globalTeardown: '<rootDir>/e2e/setup/stop-rig.ts',
};

export default {
  watchman: false,
  projects: [
    {
      ...shared,
      displayName: 'unit',
      roots: [
        '<rootDir>/actions',
        '<rootDir>/toolkit',
        '<rootDir>/scripts',
        '<rootDir>/rig',
        '<rootDir>/bench',
        '<rootDir>/fuzz',
      ],
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['/dist/', '/node_modules/'],
    },
    {
      ...onRig,
      displayName: 'e2e',
      roots: ['<rootDir>/e2e'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/e2e/faults/'],
    },
    { ...onRig, displayName: 'faults', roots: ['<rootDir>/e2e/faults'] },
  ],
  testTimeout: 120_000,
};
