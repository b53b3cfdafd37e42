import { actionlint } from './actionlint/actionlint.ts';
import { biome } from './biome/biome.ts';
import { black } from './black/black.ts';
import { eslint } from './eslint/eslint.ts';
import { helmLint } from './helm-lint/helm-lint.ts';
import { kubeconform } from './kubeconform/kubeconform.ts';
import type { Linter } from './linter.ts';
import { oxlint } from './oxlint/oxlint.ts';
import { prettier } from './prettier/prettier.ts';
import { ruffFormat } from './ruff-format/ruff-format.ts';
import { ruff } from './ruff/ruff.ts';

/** Every linter there is, in the order of the report. */
export const linters: readonly Linter[] = [
  eslint,
  prettier,
  biome,
  oxlint,
  ruff,
  ruffFormat,
  black,
  actionlint,
  helmLint,
  kubeconform,
];
