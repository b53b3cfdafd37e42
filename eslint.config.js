import eslint from '@eslint/js';
import importX from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import tseslint from 'typescript-eslint';
import { pureImports } from './scripts/lint/pure-imports.ts';

const actions = ['canary-gate', 'helm-deploy', 'lint', 'report', 'rollback', 'scan'];

/** Files that decide or render: values in, values out. They reach no adapter and nothing of the platform. */
const pureFiles = [
  'actions/*/src/{verdict,plan,*-plan,policy,analysis,target,summary,progress,conclusion}.ts',
  'actions/*/src/{verdict,plan,policy,analysis,target,summary,html}/**/*.ts',
  'toolkit/{statistics,manifests,summary}/**/*.ts',
  'toolkit/findings/policy.ts',
  'toolkit/health/judge-*.ts',
];

export default tseslint.config(
  { ignores: ['**/dist/**', 'build/**', 'out/**', 'node_modules/**', 'examples/**', '**/fixtures/**'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // Taking a key out of an object is how one is left away.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: [
            ...actions.map((name) => ({
              target: `./actions/${name}`,
              from: './actions',
              except: [`./${name}`],
              message: 'An action never imports another action; share through toolkit/.',
            })),
            { target: './toolkit', from: ['./actions', './rig', './e2e', './bench', './fuzz', './scripts'] },
            { target: './actions', from: ['./rig', './e2e', './bench', './fuzz', './scripts'] },
          ],
        },
      ],
    },
  },
  {
    files: pureFiles,
    ignores: ['**/*.test.ts', '**/fake*.ts'],
    plugins: { house: { rules: { 'pure-imports': pureImports } } },
    rules: {
      'house/pure-imports': 'error',
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['@actions/*', '@octokit/*', 'node:*'], message: 'This file is pure: pass data in.' },
          ],
        },
      ],
      'no-restricted-globals': ['error', 'process', 'fetch', 'console', 'setTimeout'],
    },
  },
  {
    // Cores over plain objects are asserted with expect(), and fakes implement async ports without awaiting.
    files: ['**/*.test.ts', '**/fake*.ts', 'e2e/**/*.ts'],
    rules: {
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
  },
);
