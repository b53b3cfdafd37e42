/** `npm run faults`: everything that is broken on purpose, as one table: faults tried, survived, lost. */
import { runJest } from './run-jest.ts';

const groups: readonly (readonly [what: string, ...files: string[]])[] = [
  ['deploy killed at every step', 'helm-deploy-crash'],
  ['rollback killed or cancelled at every step', 'rollback-crash', 'rollback-cancel'],
  ['runner killed in the middle of a workflow', 'workflow-killed'],
  ['API server wrong, late, or gone', 'helm-deploy-faults', 'helm-deploy-outage', 'rollback-faults'],
  ['Prometheus killed, slow, limiting, or talking nonsense', 'canary-gate-faults'],
  ['series that lie', 'canary-gate-lies'],
];

const rows = groups.map(([what, ...files]) => {
  process.stderr.write(`${what} …\n`);
  const paths = files.map((name) => `e2e/${name}.test.ts`);
  const { passed, failed, skipped } = runJest('e2e', '--maxWorkers=2', '--runTestsByPath', ...paths);
  return { what, survived: passed, lost: failed + skipped };
});

process.stdout.write('| fault | tried | survived | lost |\n| --- | ---: | ---: | ---: |\n');
for (const { what, survived, lost } of rows)
  process.stdout.write(`| ${what} | ${survived + lost} | ${survived} | ${lost} |\n`);
process.exitCode = rows.every(({ survived, lost }) => survived > 0 && lost === 0) ? 0 : 1;
