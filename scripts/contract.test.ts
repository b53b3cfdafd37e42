import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readActionMetadata, root } from './action-metadata.ts';
import { actionNames } from './build.ts';
import { generatedPages } from './docs.ts';

/** Literals of the sources that look like `inputs.text('name')` or `outputs.set('name', …)`. */
function literals(action: string, pattern: RegExp): Set<string> {
  const folder = join(root, 'actions', action, 'src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  const found = sources.flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(pattern)]);
  return new Set(found.map((match) => match[1] ?? ''));
}

const contract: Record<string, { inputs: string[]; outputs: string[] }> = {
  'canary-gate': {
    inputs:
      'prometheus-url prometheus-token prometheus-username prometheus-password prometheus-headers ca-certificate client-certificate client-key timeout canary stable metrics config interval min-duration max-duration alpha promote-alpha margin promote-margin weights router on-inconclusive mode start end fail-on-verdict report'.split(
        ' ',
      ),
    outputs: 'verdict reason e-value elapsed-seconds canary-requests report'.split(' '),
  },
  'helm-deploy': {
    inputs:
      'environments branch environment helmfile chart release kustomize argocd-application values set kubeconfig kube-context timeout strategy canary-values promote-values on-unmapped dry-run force lock-timeout github-token'.split(
        ' ',
      ),
    outputs:
      'deployed environment namespace url releases changed mutated verified ledger rollback-plan'.split(' '),
  },
  report: {
    inputs: 'needs results github-token'.split(' '),
    outputs: 'headline published pull-request results'.split(' '),
  },
  rollback: {
    inputs:
      'environments environment namespace release revision mode reason dry-run confirm allow-unverified allow-stateful allow-pod-delete migrations pause-auto-sync kubeconfig kube-context timeout github-token'.split(
        ' ',
      ),
    outputs: 'rolled-back target done left reason'.split(' '),
  },
  lint: {
    inputs:
      'linters working-directory scope base fail-on new-only max-warnings eslint-version prettier-version timeout annotations comment sarif github-token'.split(
        ' ',
      ),
    outputs: 'verdict new-count total-count by-severity sarif report'.split(' '),
  },
  scan: {
    inputs:
      'scanners image path charts values fail-severity new-only ignore-unfixed waivers snyk-token snyk-org sonar-host-url sonar-token sonar-project-key quality-gate-timeout kev epss epss-threshold database-mirrors on-database-error sarif upload-sarif comment github-token'.split(
        ' ',
      ),
    outputs: 'verdict new-count total-count by-severity sarif report'.split(' '),
  },
};

describe.each(actionNames())('actions/%s', (action) => {
  const metadata = readActionMetadata(action);

  it('has every input and output users were promised', () => {
    expect(Object.keys(metadata.inputs)).toEqual(expect.arrayContaining(contract[action]?.inputs ?? ['?']));
    expect(Object.keys(metadata.outputs)).toEqual(expect.arrayContaining(contract[action]?.outputs ?? ['?']));
  });

  it('reads exactly the inputs it declares', () => {
    const read = literals(
      action,
      /\.(?:text|required|boolean|choice|number|duration|list|secret)\(\s*'([a-z][a-z0-9-]*)'/g,
    );
    expect([...read].sort()).toEqual(Object.keys(metadata.inputs).sort());
  });

  it('sets exactly the outputs it declares', () => {
    const set = literals(action, /outputs\.set\(\s*'([a-z][a-z0-9-]*)'/g);
    expect([...set].sort()).toEqual(Object.keys(metadata.outputs).sort());
  });

  it('ships a bundle for Node 24 with its licences', () => {
    expect(metadata.runs.using).toBe('node24');
    expect(existsSync(join(root, 'actions', action, metadata.runs.main))).toBe(true);
    expect(existsSync(join(root, 'actions', action, 'dist/licenses.txt'))).toBe(true);
    if (metadata.runs.post !== undefined) expect(metadata.runs['post-if']).toBe('always()');
  });

  it('is described and branded', () => {
    expect(metadata.branding.icon).not.toBe('');
    expect(metadata.description.length).toBeGreaterThan(20);
    for (const [name, { description }] of Object.entries({ ...metadata.inputs, ...metadata.outputs })) {
      expect([name, description.trim().length > 10]).toEqual([name, true]);
    }
  });
});

it('has pages that say what action.yml says', async () => {
  for (const [path, text] of await generatedPages()) {
    expect([path, readFileSync(join(root, path), 'utf8') === text]).toEqual([path, true]);
  }
});
