/** Everything that must be true of the tree before a test runs: format, lint, types, bundles, pages, workflows. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installTools } from '../rig/install/install.ts';
import { root } from './action-metadata.ts';

const bin = (name: string): string => join(root, 'node_modules/.bin', name);
const log = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const tools = await installTools(['actionlint', 'zizmor'], { log });
const tool = (name: string): string => join(tools.get(name) ?? '', name);

const pedantic = ['--offline', '--quiet', '--no-progress', '--persona', 'pedantic'];

const steps: readonly (readonly [title: string, program: string, ...args: string[]])[] = [
  ['format', bin('prettier'), '--check', '--log-level', 'warn', '.'],
  ['lint', process.execPath, 'node_modules/eslint/bin/eslint.js', '.'],
  ['types', bin('tsc'), '--noEmit'],
  ['bundles', process.execPath, 'scripts/check-dist.ts'],
  ['pages', process.execPath, 'scripts/docs.ts', '--check'],
  ['actionlint', tool('actionlint'), '-shellcheck='],
  ['zizmor', tool('zizmor'), ...pedantic, '.github', 'actions', 'action.yml'],
  // A consumer's own configuration lies in its repository's root.
  [
    'zizmor, example',
    tool('zizmor'),
    ...pedantic,
    '--config',
    'examples/shop/.github/zizmor.yml',
    'examples/shop/.github',
  ],
];

for (const [title, program, ...args] of steps) {
  const started = performance.now();
  const { status, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (status === 0) log(`ok    ${title} (${seconds} s)`);
  else {
    log(`FAIL  ${title}: ${error?.message ?? `exit code ${String(status)}`}`);
    process.exitCode = 1;
  }
}
