/** `npm run faults`: everything that is broken on purpose, as one table: faults tried, survived, lost. */
import { runJest } from './run-jest.ts';

type Group = readonly [what: string, project: 'e2e' | 'faults', ...files: string[]];

const groups: readonly Group[] = [
  ['deploy killed at every step', 'faults', 'helm-deploy-crash', 'unit-crash', 'argocd-crash'],
  ['rollback killed at every step', 'faults', 'rollback-crash'],
  ['rollback cancelled', 'e2e', 'rollback-cancel'],
  ['runner killed in the middle of a workflow', 'e2e', 'workflow-killed'],
  [
    'API server wrong, late, or gone',
    'faults',
    'helm-deploy-faults',
    'helm-deploy-outage',
    'rollback-faults',
  ],
  ['Prometheus killed, slow, limiting, or talking nonsense', 'faults', 'canary-gate-faults'],
  ['the demo interrupted', 'faults', 'demo-interrupted'],
  ['changes that do not go straight through, as workflows', 'faults', 'workflow-situations'],
  ['deliveries that end otherwise than hoped, as workflows', 'faults', 'workflow-deliveries'],
  ['a newcomer with the README alone', 'faults', 'first-delivery'],
  ['series that lie', 'e2e', 'canary-gate-lies'],
];
const folders = { e2e: 'e2e', faults: 'e2e/faults' };

const rows = groups.map(([what, project, ...files]) => {
  process.stderr.write(`${what} …\n`);
  const { passed, failed, skipped } = runJest(
    project,
    ...files.map((name) => `${folders[project]}/${name}.test.ts`),
  );
  return { what, survived: passed, lost: failed + skipped };
});

process.stdout.write('| fault | tried | survived | lost |\n| --- | ---: | ---: | ---: |\n');
for (const { what, survived, lost } of rows)
  process.stdout.write(`| ${what} | ${survived + lost} | ${survived} | ${lost} |\n`);
process.exitCode = rows.every(({ survived, lost }) => survived > 0 && lost === 0) ? 0 : 1;
