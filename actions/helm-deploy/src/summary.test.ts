import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { ResolvedEnvironment } from '../../../toolkit/environments/resolve-environment.ts';
import { emptyLedger } from '../../../toolkit/ledger/ledger-format.ts';
import { entryOf, planOf, recordOf, revisionOf, wantedApi } from './fake-release.ts';
import type { DeployResult } from './report.ts';
import { failureSummary, mappedSummary, removedSummary, skippedSummary, summary } from './summary.ts';

const golden = (name: string): string =>
  readFileSync(new URL(`__golden__/${name}.md`, import.meta.url), 'utf8');

const target: ResolvedEnvironment = {
  kind: 'mapped',
  branch: 'release/1|2',
  environment: 'staging',
  namespace: 'shop',
  gate: 'none',
  preview: false,
  ttlMs: undefined,
  values: [],
  url: 'https://staging.example.com',
  release: undefined,
  slug: '',
  manyToOne: true,
  allowBranchTakeover: false,
};
const changed = planOf({
  changes: [
    {
      change: 'changed',
      object: 'Deployment/api',
      key: 'k',
      fields: [
        { path: 'spec.template.spec.containers[main].image', before: '"shop:1"', after: '"shop:2"' },
        { path: 'data.password', before: '(redacted)', after: '(redacted)' },
      ],
    },
    { change: 'added', object: 'ConfigMap/new', key: 'l', fields: [] },
  ],
});
const result: DeployResult = {
  target,
  inputs: { strategy: 'direct', dryRun: false },
  plan: {
    decision: 'apply',
    releases: [
      changed,
      planOf({
        wanted: { ...wantedApi, name: 'web' },
        action: 'unchanged',
        current: revisionOf({ name: 'web', revision: 7 }),
      }),
    ],
    allowed: [
      {
        kind: 'service-type',
        code: 'E_IMMUTABLE',
        object: 'Service/api',
        ref: { apiVersion: 'v1', kind: 'Service', name: 'api' },
        field: 'spec.type',
        message: 'Service/api flips from ClusterIP to LoadBalancer',
      },
    ],
  },
  entry: entryOf({ releases: [recordOf(), recordOf({ name: 'web', revision: 7 })] }),
  ledger: emptyLedger('shop', 'staging'),
};
const facts = { sha: 'c0ffee'.repeat(7) };

describe('the summary', () => {
  it('tells what was deployed where, and what differs', () => {
    expect(`${summary(result, facts)}\n`).toBe(golden('deployed'));
  });

  it('tells what a dry run would do', () => {
    const { entry: _, ...rest } = result;
    expect(`${summary({ ...rest, inputs: { strategy: 'canary', dryRun: true } }, facts)}\n`).toBe(
      golden('dry-run'),
    );
  });

  it('tells why a deploy failed, with what was seen', () => {
    const error = {
      title: 'E_CRASHLOOP',
      message:
        'E_CRASHLOOP: the release cannot become healthy: Pod api-1: main crashed 3 times\nNext: read its log',
    };
    const evidence = [
      {
        title: 'Pod/api-1: main crashed 3 times',
        lines: ['BackOff: restarting', 'log:', '  ```no database```'],
      },
      { title: 'Deployment/web: 0 of 1 pods are available', lines: [] },
    ];
    expect(`${failureSummary(target, error, evidence)}\n`).toBe(golden('failed'));
  });

  it('is short where nothing was deployed', () => {
    const texts = [
      skippedSummary('no entry of `environments` matches the branch <b>x</b>'),
      removedSummary(['preview-a', 'preview-b'], '', false),
      removedSummary([], 'no preview is over its time', false),
      mappedSummary(target),
    ];
    expect(`${texts.join('\n\n')}\n`).toBe(golden('short'));
  });
});
