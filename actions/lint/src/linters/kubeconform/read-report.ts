import * as v from 'valibot';
import type { Finding } from '../../../../../toolkit/findings/finding.ts';

const report = v.object({
  resources: v.nullish(
    v.array(
      v.object({
        filename: v.string(),
        kind: v.string(),
        name: v.string(),
        status: v.string(),
        msg: v.string(),
        validationErrors: v.nullish(v.array(v.object({ path: v.string(), msg: v.string() }))),
      }),
    ),
  ),
});

type Resource = NonNullable<v.InferOutput<typeof report>['resources']>[number];

export interface KubeconformReport {
  readonly findings: readonly Finding[];
  /** Resources that were held against a schema. */
  readonly checked: number;
  /** Resources that no schema is known for, and manifests that another program still has to fill in. */
  readonly unchecked: number;
  /** Why schemas could not be downloaded, once for each resource: that says nothing about the manifest. */
  readonly undownloaded: readonly string[];
}

/** Reads what kubeconform printed; undefined when it is no report. `placeOf` gives the repository path of a file. */
export function readKubeconform(
  texts: readonly string[],
  placeOf: (filename: string) => string,
  isTemplate: (filename: string) => boolean,
): KubeconformReport | undefined {
  const findings: Finding[] = [];
  const undownloaded: string[] = [];
  let checked = 0;
  let unchecked = 0;
  for (const text of texts) {
    const parsed = v.safeParse(report, parse(text));
    if (!parsed.success) return undefined;
    for (const item of parsed.output.resources ?? []) {
      switch (item.status) {
        case 'statusError':
          if (item.msg.includes('failed downloading schema')) undownloaded.push(item.msg);
          else if (isTemplate(item.filename)) unchecked += 1;
          else findings.push(toFinding(item, placeOf(item.filename)));
          break;
        case 'statusInvalid':
          checked += 1;
          findings.push(toFinding(item, placeOf(item.filename)));
          break;
        case 'statusSkipped':
          unchecked += 1;
          break;
        case 'statusValid':
          checked += 1;
          break;
      }
    }
  }
  return { findings, checked, unchecked, undownloaded };
}

function toFinding(item: Resource, path: string): Finding {
  const errors = (item.validationErrors ?? []).map((error) => `${error.path}: ${error.msg}`);
  const what = item.kind === '' ? '' : `${item.kind} ${item.name}: `;
  const said = `${what}${errors.length > 0 ? errors.join('; ') : item.msg}`;
  return {
    tool: 'kubeconform',
    rule: item.status === 'statusInvalid' ? 'schema' : 'unreadable',
    message: said,
    level: 'error',
    location: { path, startLine: 1 },
    excerpt: [said],
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
