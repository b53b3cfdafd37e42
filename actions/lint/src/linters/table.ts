import { eslint } from './eslint/eslint.ts';
import type { Linter } from './linter.ts';
import { prettier } from './prettier/prettier.ts';

/** Every linter there is, in the order of the report. */
export const linters: readonly Linter[] = [eslint, prettier];
