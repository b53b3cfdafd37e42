/**
 * Renders the two services' charts into kustomize/base, so that both ways of delivery hold the same objects:
 * node deploy/render-base.mjs [--check]   (HELM names the program, default helm)
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const namespace = 'namespace-of-the-overlay';

/** The manifests of a chart without what only Helm or a known namespace gives them. */
export function renderBase(chart) {
  const text = execFileSync(
    process.env.HELM || 'helm',
    [
      'template',
      'shop',
      join('charts', chart),
      '--namespace',
      namespace,
      '--values',
      'kustomize/base-values.yaml',
    ],
    { cwd: root, encoding: 'utf8' },
  );
  const manifests = text
    .replaceAll(/^# Source: .*\n/gm, '')
    .replaceAll('app.kubernetes.io/managed-by: Helm', 'app.kubernetes.io/managed-by: kustomize')
    // A short name is looked up in the namespace of the object that has it.
    .replaceAll(`.${namespace}.svc.cluster.local`, '');
  if (manifests.includes(namespace))
    throw new Error(`${chart} says its namespace where an overlay cannot change it`);
  return `# Rendered from charts/${chart} by npm run render:base. Do not edit.\n${manifests}`;
}

const check = process.argv.includes('--check');
for (const chart of ['backend', 'frontend']) {
  const file = join(root, 'kustomize/base', `${chart}.yaml`);
  const wanted = renderBase(chart);
  if (check) {
    if (!existsSync(file) || readFileSync(file, 'utf8') !== wanted) {
      console.error(`kustomize/base/${chart}.yaml is not what charts/${chart} renders: npm run render:base`);
      process.exitCode = 1;
    }
  } else writeFileSync(file, wanted);
}
