import type { AccessQuestion } from '../kubernetes/kubernetes.ts';
import type { ObjectChange } from '../manifests/diff-manifests.ts';

/** Groups whose kinds are named in regular English; what a custom resource is called only the server knows. */
const groups: ReadonlySet<string> = new Set([
  '',
  'apps',
  'autoscaling',
  'batch',
  'policy',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'coordination.k8s.io',
  'networking.k8s.io',
  'rbac.authorization.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
]);

/** Server-side apply needs `patch` for what it makes, too. */
const verbs: Readonly<Record<ObjectChange['change'], readonly string[]>> = {
  added: ['create', 'patch'],
  changed: ['get', 'patch'],
  removed: ['get', 'delete'],
};

/** What an identity must be allowed to do to carry the changes out, each question once. */
export function accessFor(changes: readonly Pick<ObjectChange, 'change' | 'key'>[]): AccessQuestion[] {
  const questions = new Map<string, AccessQuestion>();
  for (const { change, key } of changes) {
    const [group = '', kind = '', namespace = ''] = key.split('|');
    if (!groups.has(group)) continue;
    const resource = group === '' ? pluralOf(kind) : `${pluralOf(kind)}.${group}`;
    for (const verb of verbs[change]) {
      const question = { verb, resource, ...(namespace === '' ? {} : { namespace }) };
      questions.set(JSON.stringify(question), question);
    }
  }
  return [...questions.values()];
}

function pluralOf(kind: string): string {
  const name = kind.toLowerCase();
  if (name === 'endpoints') return name;
  if (/(s|x|ch)$/.test(name)) return `${name}es`;
  return /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`;
}
