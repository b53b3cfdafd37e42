import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';

export default defineConfig([
  globalIgnores(['**/node_modules/', '**/coverage/', 'out/', 'charts/']),
  js.configs.recommended,
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { ecmaVersion: 2023, sourceType: 'module' },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'no-shadow': 'error',
      'no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['**/*.{js,mjs}'],
    ignores: ['services/frontend/public/**'],
    languageOptions: { globals: globals.nodeBuiltin },
  },
  {
    files: ['services/frontend/public/**/*.js'],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ['services/frontend/test/**/*.js'],
    languageOptions: { globals: globals.mocha },
  },
]);
