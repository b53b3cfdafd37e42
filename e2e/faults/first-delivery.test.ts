/** A newcomer with nothing but the README; docs/first-delivery.md is what happened here, in words. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { format, resolveConfig } from 'prettier';
import type { WorkflowResult } from '../../rig/act/workflow-run.ts';
import { blocksOf } from '../../scripts/doc-blocks.ts';
import { kubectl, tool } from '../support/rig.ts';
import { root } from '../support/run-bundle.ts';
import { push, requireReview, statuses } from '../support/workflow-facts.ts';
import { explain, results, startWorkflowSite, summaryText, type WorkflowSite } from '../support/workflows.ts';

jest.setTimeout(300_000);

const readme = readFileSync(join(root, 'README.md'), 'utf8');
const [delivery = '', environments = ''] = blocksOf('README.md', readme).map(({ text }) => text);
const workflow = '.github/workflows/delivery.yml';
const own = {
  'helmfile.yaml':
    'environments: { dev: {}, production: {} }\n---\nreleases:\n  - { name: shop, chart: ./shop }\n',
  'package.json': '{ "private": true, "scripts": { "test": "node --test" } }\n',
  'shop.test.js': "require('node:test')('adds', () => require('node:assert').equal(1 + 1, 2));\n",
};
const mended = {
  podSecurityContext:
    '{ runAsNonRoot: true, runAsUser: 20000, runAsGroup: 20000, seccompProfile: { type: RuntimeDefault } }',
  securityContext:
    '{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }',
};

let site: WorkflowSite;
beforeAll(async () => {
  site = await startWorkflowSite(() => ({
    [workflow]: delivery,
    '.github/environments.yml': environments,
    ...own,
  }));
  await tool('helm', ['create', join(site.consumer.dir, 'shop')]);
  site.consumer.commit({}, 'helm create shop');
}, 600_000);
afterAll(async () => {
  await kubectl('delete', 'namespace', 'dev', 'production', '--ignore-not-found', '--wait=false');
  expect(site.github.violations).toEqual([]);
  await site.stop();
});

const file = (name: string, text: string): string =>
  `\`${name}\`:\n\n\`\`\`${name.split('.').at(-1) ?? ''}\n${text}\`\`\``;
const running = async (namespace: string): Promise<string> =>
  kubectl(
    ...['get', 'deployments.apps', '--namespace', namespace, '--output'],
    'custom-columns=NAME:.metadata.name,READY:.status.readyReplicas,IMAGE:.spec.template.spec.containers[0].image',
  );
/** What the report job wrote, without what differs from run to run. */
const story = (run: WorkflowResult): string =>
  summaryText({ ...run, summaries: run.summaries.slice(-1) })
    .trim()
    .replace(/^### .*\n+/, '')
    .replaceAll(/ in \d+ms| \d+(\.\d+)? ?s\b/g, '');
const stable = (text: string): string =>
  text
    .replaceAll(/\b[0-9a-f]{40}\b/g, '<commit>')
    .replaceAll(/\b[0-9a-f]{12}\b/g, '<commit>')
    .replaceAll(/actions\/runs\/\d+/g, 'actions/runs/1');
const terminal = (...lines: string[]): string => `\`\`\`console\n${lines.join('\n').trimEnd()}\n\`\`\``;

it('comes from an empty repository to production by the README, as docs/first-delivery.md tells', async () => {
  const { consumer } = site;
  consumer.git('checkout', '-q', '-b', 'develop');
  const refused = await site.run('refused', { workflow, ...push('develop') });
  expect(results(refused)).toMatchObject({ lint: 'success', tests: 'success', deploy: 'skipped' });
  expect(explain(refused)).toContain('E_FINDINGS: 3 open findings');
  const findings = [...summaryText(refused).matchAll(/^\| high \| \[`([\w-]+)`\]\(.*\) \| `(.*?)`/gm)];

  const values = readFileSync(join(consumer.dir, 'shop/values.yaml'), 'utf8');
  const better = Object.entries(mended).reduce(
    (text, [name, value]) => {
      expect(text).toContain(`\n${name}: {}\n`);
      return text.replace(`\n${name}: {}\n`, `\n${name}: ${value}\n`);
    },
    values.replaceAll(/^(podSecurityContext|securityContext):\s*\{\}\n(?:\s+#.*\n)*/gm, '$1: {}\n'),
  );
  const sha = consumer.commit({ 'shop/values.yaml': better }, 'run as nobody');
  const first = await site.run('first', { workflow, ...push('develop') });
  expect([first.code, explain(first)]).toEqual([0, '']);
  const dev = await running('dev');
  expect(dev).toContain(sha);

  consumer.git('checkout', '-q', 'main');
  consumer.git('merge', '-q', '--ff-only', 'develop');
  const unguarded = await site.run('unguarded', { workflow, ...push('main') });
  expect(explain(unguarded)).toContain('E_GATE_MISSING');
  requireReview(site, 'production');
  const second = await site.run('second', { workflow, ...push('main') });
  expect([second.code, explain(second)]).toEqual([0, '']);
  const production = await running('production');
  expect(production).toContain(sha);
  expect(statuses(site, sha)).toMatchObject({ 'deploy (production)': 'success' });

  const error = (run: WorkflowResult): string =>
    /::error[^:]*::(.*)/.exec(explain(run))?.[1]?.replaceAll('%0A', '\n') ?? '';
  const page = `# A first delivery

Written by \`e2e/faults/first-delivery.test.ts\`, which does this on [the rig](rig.md) with nothing but the
[README](../README.md): what is quoted here was printed by the last run of the test, and a page that says anything else
fails it.

## A repository

${terminal('$ git init && git checkout -b develop', '$ helm create shop')}

The two files of the README come in as they are, [delivery.yml](../README.md#use-it) and \`environments.yml\`. The helmfile
knows both environments and has one release, and there is a test:

${Object.entries(own)
  .map(([name, text]) => file(name, text))
  .join('\n\n')}

The secret \`KUBECONFIG\` is set under Settings → Secrets and variables → Actions. The image is your own build's: here one
is taken to be there under each commit.

## The first push is refused

${terminal('$ git push origin develop')}

${story(refused)}

Lint and tests passed, and the scan did not: what \`helm create\` writes may run as root. It names the rule and the place,
and nothing was deployed.

| rule | place |
| --- | --- |
${findings.map(([, rule = '', place = '']) => `| ${rule} | \`${place}\` |`).join('\n')}

In \`shop/values.yaml\`:

\`\`\`yaml
${Object.entries(mended)
  .map(([name, value]) => `${name}: ${value}`)
  .join('\n')}
\`\`\`

## The second is delivered

${terminal('$ git commit -am "run as nobody" && git push origin develop')}

${story(first)}

${terminal('$ kubectl get deployments --namespace dev', dev)}

## Production has reviewers

${terminal('$ git checkout main && git merge develop && git push origin main')}

The branch map says \`gate: required\`, and no environment of GitHub asks anybody yet:

${terminal(error(unguarded))}

Under Settings → Environments, \`production\` gets a required reviewer. The same run again, approved:

${story(second)}

${terminal('$ kubectl get deployments --namespace production', production)}
`;
  const path = join(root, 'docs/first-delivery.md');
  const text = await format(stable(page), { ...(await resolveConfig(path)), filepath: path });
  // `WRITE_DOCS=1` takes the page as it came out now.
  if (process.env.WRITE_DOCS === '1') writeFileSync(path, text);
  expect(readFileSync(path, 'utf8')).toBe(text);
});
