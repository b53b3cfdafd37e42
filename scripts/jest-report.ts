/** The part of Jest's `--json` report that is read here. */
export interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

export function countSkipped(report: JestReport): number {
  return report.numPendingTests + report.numTodoTests;
}
