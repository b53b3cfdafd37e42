import { describe, expect, it } from '@jest/globals';
import { unreadManifests } from './unread-manifests.ts';

const named = { tool: 'trivy-config', target: '.' };
const manifest = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n';

function unread(texts: Record<string, string>, reported: readonly string[] = []) {
  const files = Object.keys(texts);
  return unreadManifests(
    { files, charts: ['charts/shop'], reported: new Set(reported), readText: (file) => texts[file] },
    named,
  );
}

describe('unreadManifests', () => {
  it.each([
    ['an unclosed list', 'k8s/pod.yaml', `${manifest}spec: [\n`],
    ['a key twice', 'k8s/pod.yaml', `${manifest}  name: b\n`],
    ['a second document', 'k8s/pod.yml', `${manifest}---\n${manifest}spec: [\n`],
    ['cut JSON', 'k8s/pod.json', '{"apiVersion":"v1","kind":"Pod",'],
  ])('calls a manifest with %s a tool error that names it', (_what, file, text) => {
    expect(unread({ [file]: text, 'k8s/good.yaml': manifest })).toEqual([
      {
        ...named,
        status: 'tool-error',
        message: expect.stringMatching(`^${file} cannot be parsed: .* at line \\d+`),
        detail: expect.stringContaining(file),
      },
    ]);
  });

  it('counts the others and names them in the detail', () => {
    const text = `${manifest}spec: [\n`;
    expect(unread({ 'a.yaml': text, 'b.yaml': text })).toMatchObject([
      {
        message: expect.stringMatching(/^a\.yaml .*\(and 1 more\)$/),
        detail: expect.stringContaining('b.yaml'),
      },
    ]);
  });

  it('says which manifests still have placeholders', () => {
    expect(unread({ 'k8s/pod.yaml': `${manifest}spec: {{ .spec }}\n` })).toEqual([
      {
        tool: 'trivy-config',
        target: 'templates',
        status: 'skipped',
        reason: '1 manifest with placeholders, not YAML yet: k8s/pod.yaml',
      },
    ]);
  });

  it('leaves alone what is no manifest, what a chart renders and what Trivy read', () => {
    const broken = `${manifest}spec: [\n`;
    const texts = {
      'notes.yaml': 'a: [\n',
      'charts/shop/templates/pod.yaml': broken,
      'web/node_modules/x/pod.yaml': broken,
      'read.yaml': broken,
      'pod.md': broken,
      'stack.yaml': 'Resources: !Sub "${x}"\n',
    };
    expect(unread(texts, ['read.yaml'])).toEqual([]);
  });
});
