import { deleteExactly } from './delete-exactly.ts';
import { kubectlCall, type KubectlOptions } from './kubectl-call.ts';
import { isStatus } from './kubectl-error.ts';
import type {
  AccessQuestion,
  ApiResource,
  KubernetesObject,
  KubernetesPort,
  ListQuery,
} from './kubernetes.ts';

/** The cluster through kubectl, so that the users' kubeconfig and its authentication plugins work. */
export function kubectl(options: KubectlOptions): KubernetesPort {
  const call = kubectlCall(options);
  const read = { repeatable: true } as const;
  const inNamespace = (namespace: string | undefined): string[] =>
    namespace === undefined ? [] : ['--namespace', namespace];

  const list = async (query: ListQuery): Promise<readonly KubernetesObject[]> => {
    if (query.resources.length === 0) return [];
    const args = [
      'get',
      query.resources.join(','),
      ...(query.allNamespaces === true ? ['--all-namespaces'] : inNamespace(query.namespace)),
      ...(query.labelSelector === undefined ? [] : ['--selector', query.labelSelector]),
      ...(query.fieldSelector === undefined ? [] : ['--field-selector', query.fieldSelector]),
    ];
    try {
      return items(await call([...args, '--ignore-not-found', '-o', 'json'], read));
    } catch (error) {
      if (!isStatus(error, 404)) throw error;
      // One unknown resource type spoils the whole request: ask for each by itself.
      if (query.resources.length === 1) return [];
      const each = await Promise.all(
        query.resources.map((resource) => list({ ...query, resources: [resource] })),
      );
      return each.flat();
    }
  };

  const get: KubernetesPort['get'] = async (ref, { managedFields = false } = {}) => {
    try {
      const args = [
        'get',
        ref.resource,
        ref.name,
        ...inNamespace(ref.namespace),
        ...(managedFields ? ['--show-managed-fields'] : []),
        '--ignore-not-found',
        '-o',
        'json',
      ];
      const stdout = await call(args, read);
      return stdout.trim() === '' ? undefined : parseObject(stdout);
    } catch (error) {
      if (isStatus(error, 404)) return undefined;
      throw error;
    }
  };

  const denied = async (questions: readonly AccessQuestion[]): Promise<readonly AccessQuestion[]> => {
    if (questions.length === 0) return [];
    const answers = await call(['create', '-f', '-', '-o', 'json', '--validate=false'], {
      repeatable: true,
      input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: questions.map(accessReview) }),
    });
    const allowed = items(answers).map((review) => (review.status as { allowed?: boolean }).allowed === true);
    return questions.filter((_, index) => allowed[index] !== true);
  };

  return {
    get,
    list,
    create: async (object) =>
      parseObject(
        await call(['create', '-f', '-', '-o', 'json', '--validate=false'], {
          input: JSON.stringify(object),
          repeatable: false,
        }),
      ),
    replace: async (object) =>
      parseObject(
        await call(['replace', '-f', '-', '-o', 'json', '--validate=false'], {
          input: JSON.stringify(object),
          repeatable: false,
        }),
      ),
    patch: async (ref, patch, { type, fieldManager, subresource }) =>
      parseObject(
        await call(
          [
            'patch',
            ref.resource,
            ref.name,
            ...inNamespace(ref.namespace),
            `--type=${type}`,
            '--patch',
            JSON.stringify(patch),
            ...(fieldManager === undefined ? [] : [`--field-manager=${fieldManager}`]),
            ...(subresource === undefined ? [] : [`--subresource=${subresource}`]),
            '-o',
            'json',
          ],
          { repeatable: type === 'merge' },
        ),
      ),
    apply: async (objects, { fieldManager, namespace, force, dryRun }) => {
      if (objects.length === 0) return [];
      const args = [
        'apply',
        '--server-side',
        `--field-manager=${fieldManager}`,
        ...inNamespace(namespace),
        ...(force === true ? ['--force-conflicts'] : []),
        ...(dryRun === true ? ['--dry-run=server'] : []),
        '-f',
        '-',
        '-o',
        'json',
      ];
      const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
      return items(await call(args, { input, repeatable: true, timeoutMs: 120_000 }));
    },
    delete: async (ref, { preconditions } = {}) => {
      if (preconditions !== undefined) return deleteExactly(call, await get(ref), preconditions);
      const place = inNamespace(ref.namespace);
      const args = ['delete', ref.resource, ref.name, ...place, '--ignore-not-found', '--wait=false'];
      return (await call([...args, '-o', 'name'], { repeatable: true })).trim() !== '';
    },
    canI: async (question) => (await denied([question])).length === 0,
    denied,
    serverVersion: async () => {
      const version = JSON.parse(await call(['get', '--raw', '/version'], read)) as { gitVersion?: string };
      return version.gitVersion ?? '';
    },
    apiResources: async () =>
      parseApiResources(await call(['api-resources', '--no-headers', '-o', 'wide'], read)),
    logs: async ({ namespace, pod, container, previous, tailLines }) => {
      try {
        return await call(
          [
            'logs',
            pod,
            '--namespace',
            namespace,
            ...(container === undefined ? [] : ['--container', container]),
            ...(previous === true ? ['--previous'] : []),
            `--tail=${tailLines}`,
          ],
          { repeatable: false, timeoutMs: 10_000 },
        );
      } catch {
        // Logs explain a failure; that they cannot be had must not hide the failure itself.
        return '';
      }
    },
    events: async ({ namespace, kind, name }) => {
      const found = await list({
        resources: ['events'],
        namespace,
        fieldSelector: `involvedObject.kind=${kind},involvedObject.name=${name}`,
      });
      const time = (event: KubernetesObject): string => {
        const when = event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp;
        return typeof when === 'string' ? when : '';
      };
      return found.toSorted((a, b) => time(a).localeCompare(time(b)));
    },
    rolloutUndo: async ({ kind, name, namespace, revision }) => {
      if (!(revision >= 1)) throw new Error(`rollout undo needs an explicit revision, not ${revision}`);
      await call(
        [
          'rollout',
          'undo',
          `${kind.toLowerCase()}/${name}`,
          '--namespace',
          namespace,
          `--to-revision=${revision}`,
        ],
        { repeatable: true },
      );
    },
  };
}

function parseObject(stdout: string): KubernetesObject {
  return JSON.parse(stdout) as KubernetesObject;
}

/** kubectl prints a List, one object, or several objects one after the other. */
function items(stdout: string): KubernetesObject[] {
  if (stdout.trim() === '') return [];
  return stdout
    .split(/^(?=\{)/m)
    .map((part) => JSON.parse(part) as KubernetesObject & { items?: KubernetesObject[] })
    .flatMap((parsed) => (parsed.kind === 'List' ? (parsed.items ?? []) : [parsed]));
}

function accessReview({ verb, resource, namespace, subresource, name }: AccessQuestion): unknown {
  const [plural = resource, ...group] = resource.split('.');
  return {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: {
      resourceAttributes: { verb, resource: plural, group: group.join('.'), namespace, subresource, name },
    },
  };
}

/** NAME [SHORTNAMES] APIVERSION NAMESPACED KIND VERBS [CATEGORIES], in columns. */
function parseApiResources(stdout: string): ApiResource[] {
  return stdout.split('\n').flatMap((line) => {
    const match = /^(\S+)\s+(?:\S+\s+)?(\S+)\s+(true|false)\s+(\S+)/.exec(line);
    if (match === null) return [];
    const [, plural = '', apiVersion = '', namespaced, kind = ''] = match;
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
    return [
      {
        resource: group === '' ? plural : `${plural}.${group ?? ''}`,
        group: group ?? '',
        version: version ?? '',
        kind,
        namespaced: namespaced === 'true',
      },
    ];
  });
}
