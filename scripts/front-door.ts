import { stringify } from 'yaml';
import { readActionMetadata, type ActionMetadata } from './action-metadata.ts';

/** What the root action opens. `report` is not among them: it belongs to the workflows. */
export const doors = ['lint', 'scan', 'helm-deploy', 'canary-gate', 'rollback'] as const;

/**
 * The text of the action at the root, which the Marketplace lists: one input chooses an action, the others are handed
 * on. An input that is not given, or is empty, gets the default of the chosen action.
 */
export function frontDoor(read: (action: string) => ActionMetadata = readActionMetadata): string {
  const all = doors.map((name) => ({ name, metadata: read(name) }));
  const action = {
    name: 'gated-delivery',
    description:
      'From pull request to production on Kubernetes and back: lint, scan, deploy with Helm, canary gate, rollback',
    author: 'gated-delivery',
    branding: { icon: 'git-merge', color: 'blue' },
    inputs: {
      action: { description: `One of ${doors.join(', ')}; its inputs are those below.`, required: true },
      ...union(all, 'inputs', ({ description }) => ({ description, default: '' })),
    },
    outputs: union(all, 'outputs', ({ description }, name, owners) => ({
      description,
      value: `\${{ ${owners.map((owner) => `steps.${owner}.outputs.${name}`).join(' || ')} }}`,
    })),
    runs: {
      using: 'composite',
      steps: [
        {
          name: 'Check which action is wanted',
          shell: 'bash',
          env: { WANTED: '${{ inputs.action }}' },
          run: [
            'case "$WANTED" in',
            `  ${doors.join(' | ')}) ;;`,
            `  *) echo "::error title=E_CONFIG::input 'action' is to be one of ${doors.join(', ')}"; exit 1 ;;`,
            'esac\n',
          ].join('\n'),
        },
        ...all.map(({ name, metadata }) => ({
          id: name,
          if: `inputs.action == '${name}'`,
          uses: `$/actions/${name}`,
          with: Object.fromEntries(
            Object.entries(metadata.inputs).map(([input, { default: value }]) => [
              input,
              `\${{ inputs.${input}${fallback(value)} }}`,
            ]),
          ),
        })),
      ],
    },
  };
  const head = '# Written by `npm run docs` from the files of the actions: change those.\n';
  return head + stringify(action, { lineWidth: 0 });
}

/** The default of an action as the second half of an expression. */
function fallback(value: string | number | boolean | undefined): string {
  const text = String(value ?? '');
  const expression = /^\$\{\{ (.+) \}\}$/.exec(text)?.[1];
  if (text === '') return '';
  return ` || ${expression ?? `'${text.replaceAll("'", "''")}'`}`;
}

/** Name → what `make` makes of its first owner's entry, with the owners in front of the description. */
function union<T extends object>(
  all: readonly { readonly name: string; readonly metadata: ActionMetadata }[],
  kind: 'inputs' | 'outputs',
  make: (entry: { description: string }, name: string, owners: readonly string[]) => T,
): Record<string, T> {
  const names = [...new Set(all.flatMap(({ metadata }) => Object.keys(metadata[kind])))].sort();
  return Object.fromEntries(
    names.map((name) => {
      const owners = all.filter(({ metadata }) => name in metadata[kind]);
      const first = owners[0]?.metadata[kind][name]?.description ?? '';
      const list = owners.map((owner) => owner.name);
      return [name, make({ description: `${list.join(', ')}: ${first}` }, name, list)];
    }),
  );
}
