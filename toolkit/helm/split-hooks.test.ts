import { describe, expect, it } from '@jest/globals';
import { splitDocuments, splitHooks } from './split-hooks.ts';

const rendered = `---
# Source: a/templates/job.yaml
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations: {"helm.sh/hook": pre-upgrade}
---
# only a comment
---
apiVersion: v1
kind: ConfigMap
metadata: {name: notes}
data:
  text: |
    helm.sh/hook is mentioned here
    --- not a separator
`;

describe('splitHooks', () => {
  it('parts objects with the hook annotation from those that only mention it', () => {
    const { manifest, hooks } = splitHooks(rendered);
    expect(hooks).toContain('name: migrate');
    expect(manifest).toContain('name: notes');
    expect(manifest).not.toContain('migrate');
    expect(splitDocuments(manifest)).toHaveLength(1);
  });
});
