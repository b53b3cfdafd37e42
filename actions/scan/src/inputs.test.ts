import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { envInputReader } from '../../../toolkit/action/input-reader.ts';
import { readInputs, type Inputs } from './inputs.ts';

type Values = Readonly<Record<string, string>>;

function fromRoot(path: string): unknown {
  return parse(readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8'));
}

function defaultsOf(inputs: Readonly<Record<string, { default?: unknown }>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([name, { default: value }]) =>
      value === undefined ? [] : [[name, String(value as string | boolean)]],
    ),
  );
}

const action = fromRoot('actions/scan/action.yml') as { inputs: Record<string, { default?: unknown }> };
const actionDefaults = { ...defaultsOf(action.inputs), 'github-token': 'ghs_token' };

function read(values: Values): Inputs {
  const env = Object.entries({ ...actionDefaults, ...values }).map(
    ([name, value]) => [`INPUT_${name.toUpperCase()}`, value] as const,
  );
  return readInputs(envInputReader(Object.fromEntries(env), () => undefined));
}

describe('the inputs', () => {
  it('have defaults that agree with each other', () => {
    expect(read({})).toMatchObject({
      scanners: ['trivy-config', 'trivy-fs'],
      failSeverity: 'high',
      newOnly: 'auto',
      onDatabaseError: 'fail',
      comment: 'false',
      sonar: { gateTimeoutMs: 600_000 },
    });
  });

  it('agree as well as the reusable workflow hands them over, whichever scanner is chosen', () => {
    interface Workflow {
      readonly on: { readonly workflow_call: { readonly inputs: Record<string, { default?: unknown }> } };
      readonly jobs: { readonly scan: { readonly steps: readonly { id?: string; with?: Values }[] } };
    }
    const workflow = fromRoot('.github/workflows/scan.yml') as Workflow;
    const defaults = defaultsOf(workflow.on.workflow_call.inputs);
    const handed = workflow.jobs.scan.steps.find(({ id }) => id === 'scan')?.with ?? {};
    const valuesWith = (chosen: Values): Record<string, string> =>
      Object.fromEntries(
        Object.entries(handed).map(([name, expression]) => {
          const input = /^\$\{\{ inputs\.([a-z-]+) \}\}$/.exec(expression)?.[1] ?? '';
          return [name, chosen[input] ?? defaults[input] ?? 'secret'];
        }),
      );
    const image = { image: 'example.com/shop:1' };
    const sonar = { 'sonar-host-url': 'https://sonar.example.com', 'sonar-project-key': 'shop' };
    for (const chosen of [
      { scanners: 'trivy-config' },
      { scanners: 'trivy-fs', licenses: 'true', 'database-mirrors': 'a.example.com/trivy-db:2' },
      { scanners: 'trivy-image', ...image, 'base-image': 'example.com/shop:0' },
      { scanners: 'snyk-open-source, snyk-iac, snyk-code', 'snyk-org': 'example' },
      { scanners: 'snyk-container', ...image },
      { scanners: 'sonar', ...sonar },
    ]) {
      expect(read(valuesWith(chosen)).scanners).toEqual(chosen.scanners.split(', '));
    }
  });

  it.each<[Values, string]>([
    [{ scanners: '' }, 'scanners'],
    [{ scanners: 'trivy' }, 'scanners'],
    [{ scanners: 'sonar' }, 'sonar-host-url'],
    [{ scanners: 'sonar', 'sonar-host-url': 'ftp://x' }, 'sonar-host-url'],
    [{ scanners: 'sonar', 'sonar-host-url': 'https://user:pw@x' }, 'sonar-host-url'],
    [{ 'snyk-checksum': 'abc' }, 'snyk-checksum'],
    [{ 'sonar-checksum': 'a'.repeat(64) }, 'sonar-checksum'],
    [{ 'snyk-monitor': 'true' }, 'snyk-monitor'],
    [{ licenses: 'true', scanners: 'trivy-config' }, 'licenses'],
    [{ 'upload-sarif': 'true', 'github-token': '' }, 'upload-sarif'],
    [{ waivers: '../outside.yaml' }, 'waivers'],
    [{ dockerfile: 'Dockerfile' }, 'dockerfile'],
  ])('%j is refused for %s', (values, name) => {
    expect(() => read(values)).toThrow(
      expect.objectContaining({ code: 'E_CONFIG', message: expect.stringContaining(`'${name}'`) }),
    );
  });
});
