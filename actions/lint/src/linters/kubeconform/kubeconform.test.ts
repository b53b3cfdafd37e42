import { describe, expect, it } from '@jest/globals';
import { judge } from './kubeconform.ts';
import { manifests } from './manifests.ts';
import { readKubeconform } from './read-report.ts';

const named = { tool: 'kubeconform', target: '.', version: '0.8.0' };
const resource = (status: string, msg = '', filename = 'a.yaml') => ({
  filename,
  kind: 'Widget',
  name: 'w',
  status,
  msg,
});
const offline = resource('statusError', 'failed downloading schema at https://example.com/widget.json');

function read(...resources: readonly object[]) {
  const report = readKubeconform(
    [JSON.stringify({ resources })],
    (file) => `at/${file}`,
    (file) => file.startsWith('template'),
  );
  if (report === undefined) throw new Error('no report');
  return report;
}

describe('readKubeconform', () => {
  it('counts what was checked, what has no schema and what cannot be downloaded', () => {
    const report = read(
      resource('statusValid'),
      resource('statusInvalid', 'wrong'),
      resource('statusSkipped'),
      resource('statusEmpty'),
      resource('statusError', 'error unmarshalling resource', 'template.yaml'),
      offline,
    );
    expect(report).toMatchObject({ checked: 2, unchecked: 2, undownloaded: [offline.msg] });
    expect(report.findings).toMatchObject([{ rule: 'schema', location: { path: 'at/a.yaml' } }]);
  });

  it('finds a manifest that cannot be read', () => {
    expect(read(resource('statusError', 'error unmarshalling resource')).findings).toMatchObject([
      { rule: 'unreadable', message: 'Widget w: error unmarshalling resource' },
    ]);
  });

  it('takes nothing for no report', () => {
    expect(
      readKubeconform(
        [''],
        (file) => file,
        () => false,
      ),
    ).toBeUndefined();
  });
});

describe('judge', () => {
  it('counts as skipped what has no schema, beside what was checked', () => {
    expect(judge(read(resource('statusValid'), resource('statusSkipped'), offline), named, true)).toEqual([
      { ...named, status: 'ran', findings: [] },
      {
        tool: 'kubeconform',
        target: 'without a schema',
        status: 'skipped',
        reason: '2 resources have no schema and are not checked, 1 for want of a download',
      },
    ]);
  });

  it('calls nothing checked skipped and not clean', () => {
    expect(judge(read(offline), named, true)).toMatchObject([
      { status: 'skipped', reason: '1 resource has no schema and is not checked, 1 for want of a download' },
    ]);
  });

  it('calls schemas that were asked for and cannot be had a tool error', () => {
    expect(judge(read(resource('statusValid'), offline), named, false)).toMatchObject([
      { status: 'tool-error', message: 'the schemas cannot be downloaded', detail: offline.msg },
    ]);
  });
});

describe('manifests', () => {
  it('are whole manifests: no chart, no workflow, no kustomization and none of its patches', () => {
    const manifest = 'apiVersion: v1\nkind: Pod\n';
    const texts: Record<string, string> = {
      '/r/k8s/pod.yaml': manifest,
      '/r/k8s/patch.yaml': manifest,
      '/r/k8s/strategic.yml': manifest,
      '/r/k8s/overlay/kustomization.yaml':
        'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches:\n  - path: ../patch.yaml\n  - patch: |\n      a: b\npatchesStrategicMerge: [../strategic.yml]\n',
      '/r/charts/shop/templates/pod.yaml': manifest,
      '/r/.github/pod.yaml': manifest,
      '/r/notes.yaml': 'kind: of\n',
    };
    const files = Object.keys(texts).map((file) => file.slice(3));
    const tree = { root: '/r', allFiles: files, files };
    expect(manifests(tree, ['charts/shop'], { readText: (path) => texts[path] })).toEqual(['k8s/pod.yaml']);
  });
});
