import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** Pods with this annotation at "true" are run by the rig; kwok leaves them alone. */
export const runAnnotation = 'rig.gated-delivery.dev/run';

interface Stage {
  spec: { resourceRef: { kind: string }; selector: { matchExpressions: unknown[] } };
}

/** kwok's own stages as one file of configuration, with the pods the rig runs excluded. */
export function kwokStages(folder: string): string {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => withoutRealPods(parse(readFileSync(join(folder, name), 'utf8')) as Stage))
    .map((stage) => `---\n${JSON.stringify(stage)}\n`)
    .join('');
}

export function withoutRealPods(stage: Stage): Stage {
  if (stage.spec.resourceRef.kind !== 'Pod') return stage;
  const selector = {
    matchExpressions: [
      ...stage.spec.selector.matchExpressions,
      { key: `.metadata.annotations["${runAnnotation}"]`, operator: 'NotIn', values: ['true'] },
    ],
  };
  return { ...stage, spec: { ...stage.spec, selector } };
}
