import { formatterResult } from '../formatter.ts';
import type { Linter } from '../linter.ts';
import { inPyproject, pythonFiles } from '../python.ts';

/** Black, from PATH: the consumer's virtual environment. */
export const black: Linter = {
  name: 'black',
  configuration: /^pyproject\.toml$/,
  detects: (tree, tools) => inPyproject(tree, tools, 'black'),
  tasks: (tree, tools) => [
    {
      tool: 'black',
      target: '.',
      run: async () => [
        await formatterResult(
          {
            tool: 'black',
            message: 'Black would format this differently.',
            argv: ['black', '--diff', '--quiet', '--no-color'],
            hint: 'install it before this step, such as `pip install black`',
            // 123: a file does not parse, or something is broken.
            goodCodes: [0, 1, 123],
            syntaxError: /^error: cannot (?:parse|format):? (.+?):(\d+):\d+(?:: (.*))?$/,
            noise: /^(\s|ParseError|$|Error: cannot parse)/,
          },
          pythonFiles(tree),
          tree,
          tools,
        ),
      ],
    },
  ],
};
