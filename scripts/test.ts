/**
 * The tests, as `npm test`: unit and contract tests, then the bundles on the rig. What breaks things meanwhile is
 * `npm run faults`. Ends with `N passed, N failed`; what was skipped stands in the line before it.
 */
import { runJest } from './run-jest.ts';

const runs = [runJest('unit'), runJest('e2e')];
const sum = (key: 'passed' | 'failed' | 'skipped'): number =>
  runs.reduce((total, run) => total + run[key], 0);
const skipped = sum('skipped');
if (skipped > 0) process.stdout.write(`${skipped} skipped: each says above why, and what to set for it\n`);
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
process.exitCode = sum('failed') === 0 && runs.every(({ passed }) => passed > 0) ? 0 : 1;
