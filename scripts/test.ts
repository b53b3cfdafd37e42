/** All tests, as `npm test`: unit and contract tests, then the bundles on the rig. Ends with `N passed, N failed`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './action-metadata.ts';
import { countSkipped, type JestReport } from './jest-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'gd-test-'));
const totals = { passed: 0, failed: 0, skipped: 0 };

for (const [project, ...options] of [['unit'], ['e2e', '--maxWorkers=2']] as const) {
  const file = join(folder, `${project}.json`);
  const args = ['--experimental-vm-modules', '--no-warnings', join(root, 'node_modules/jest/bin/jest.js')];
  const { status } = spawnSync(
    process.execPath,
    [...args, '--json', `--outputFile=${file}`, ...options, `--selectProjects=${project}`],
    // Jest's own report goes to stderr; the JSON that it also prints to stdout is in the file already.
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const report = read(file);
  totals.passed += report?.numPassedTests ?? 0;
  totals.skipped += report === undefined ? 0 : countSkipped(report);
  // A suite that does not load, or a run that dies, is one failure more than its tests tell.
  totals.failed += report === undefined ? 1 : report.numFailedTests + report.numRuntimeErrorTestSuites;
  if (status !== 0 && totals.failed === 0) totals.failed = 1;
}

rmSync(folder, { recursive: true, force: true });
const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed${skipped}\n`);
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;

function read(file: string): JestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JestReport;
  } catch {
    return undefined;
  }
}
