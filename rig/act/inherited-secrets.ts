import { isMap, parseDocument } from 'yaml';
import { editWorkflows } from './reviewed-suite.ts';

/**
 * A reusable workflow that names the secrets its calls inherit: on GitHub those it was given itself; act hands on the
 * secrets of the whole run under their own names instead.
 */
export function nameInherited(text: string): string {
  const document = parseDocument(text);
  const jobs = document.get('jobs');
  const declared = document.getIn(['on', 'workflow_call', 'secrets']);
  if (!isMap(jobs) || !isMap(declared)) return text;
  const names = declared.items.map(({ key }) => String(key));
  for (const { value: job } of jobs.items) {
    if (!isMap(job) || job.get('secrets') !== 'inherit') continue;
    const given = Object.fromEntries(names.map((name) => [name, `\${{ secrets.${name} }}`]));
    job.set('secrets', document.createNode(given));
  }
  return document.toString({ lineWidth: 0 });
}

/** Changes every workflow of a suite so. */
export async function nameInheritedSecrets(suite: string): Promise<void> {
  await editWorkflows(suite, nameInherited);
}
