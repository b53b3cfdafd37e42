import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './action-metadata.ts';

/** The part of Jest's `--json` report that is read here. */
interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

export interface TestCounts {
  readonly passed: number;
  /** Tests that failed; a suite that does not load, or a run that dies, counts as one more. */
  readonly failed: number;
  readonly skipped: number;
}

/** Runs files of one of Jest's projects, all of them when none is named; its report of failures goes to stderr. */
export function runJest(project: 'unit' | 'e2e' | 'faults', ...files: readonly string[]): TestCounts {
  const folder = mkdtempSync(join(tmpdir(), 'gd-test-'));
  const file = join(folder, 'report.json');
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const named = files.length === 0 ? [] : ['--runTestsByPath', ...files];
  const node = ['--experimental-vm-modules', '--no-warnings'];
  const { status } = spawnSync(
    process.execPath,
    [
      ...node,
      jest,
      '--json',
      `--outputFile=${file}`,
      '--maxWorkers=2',
      `--selectProjects=${project}`,
      ...named,
    ],
    // Jest's own report goes to stderr; the JSON that it also prints to stdout is in the file already.
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const report = read(file);
  rmSync(folder, { recursive: true, force: true });
  return count(report, status);
}

export function count(report: JestReport | undefined, status: number | null): TestCounts {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return {
    passed: report.numPassedTests,
    failed: status !== 0 && failed === 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function read(file: string): JestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JestReport;
  } catch {
    return undefined;
  }
}
