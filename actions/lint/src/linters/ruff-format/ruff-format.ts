import { nameIn } from '../../../../../toolkit/files/repository-path.ts';
import { join } from 'node:path';
import { formatterResult } from '../formatter.ts';
import type { Linter } from '../linter.ts';
import { inPyproject, pythonFiles } from '../python.ts';
import { installRuff } from '../ruff/ruff.ts';

/** Ruff's formatter, from PATH. */
export const ruffFormat: Linter = {
  name: 'ruff-format',
  configuration: /^(\.?ruff\.toml|pyproject\.toml)$/,
  detects: (tree, tools) =>
    inPyproject(tree, tools, 'ruff.format') ||
    tree.allFiles
      .filter((file) => /^\.?ruff\.toml$/.test(nameIn(file)))
      .some((file) => /^\s*\[format\]/m.test(tools.readText(join(tree.root, file)) ?? '')),
  tasks: (tree, tools) => [
    {
      tool: 'ruff-format',
      target: '.',
      run: async () => [
        await formatterResult(
          {
            tool: 'ruff-format',
            message: 'Ruff would format this differently.',
            argv: ['ruff', 'format', '--diff', '--no-cache', '--force-exclude'],
            hint: installRuff,
            // 1: something differs; 2: a file does not parse, or something is broken.
            goodCodes: [0, 1, 2],
            syntaxError: /^error: Failed to parse (.+?):(\d+):\d+: (.*)$/,
            noise: /^(\d+ files? (would be|already|left)|warning:|$)/,
          },
          pythonFiles(tree),
          tree,
          tools,
        ),
      ],
    },
  ],
};
