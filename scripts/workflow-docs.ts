/** docs/workflows.md: what each reusable workflow takes, needs and gives, from the files themselves. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from './action-metadata.ts';

interface Field {
  readonly description: string;
  readonly type?: string;
  readonly required?: boolean;
  readonly default?: string | number | boolean;
}

export interface ReusableWorkflow {
  readonly file: string;
  readonly name: string;
  /** The comment at the top of the file. */
  readonly about: string;
  readonly inputs: Readonly<Record<string, Field>>;
  readonly secrets: Readonly<Record<string, Field>>;
  readonly outputs: Readonly<Record<string, Field>>;
  /** Files of the workflows it calls. */
  readonly calls: readonly string[];
  /** What the calling job has to grant: the most that any job asks for. */
  readonly permissions: Readonly<Record<string, string>>;
}

/** Workflows that others call; undefined for a text that is none. */
export function readReusable(file: string, text: string): ReusableWorkflow | undefined {
  const parsed = parse(text) as {
    name: string;
    on: { workflow_call?: Partial<Pick<ReusableWorkflow, 'inputs' | 'secrets' | 'outputs'>> | null };
    jobs: Record<string, { permissions?: Record<string, string> }>;
  };
  if (!('workflow_call' in parsed.on)) return undefined;
  const permissions: Record<string, string> = {};
  for (const job of Object.values(parsed.jobs)) {
    for (const [name, level] of Object.entries(job.permissions ?? {}))
      permissions[name] = permissions[name] === 'write' ? 'write' : level;
  }
  const about = /^(?:#.*\n)+/.exec(text)?.[0].replaceAll(/^# ?/gm, '').replaceAll('\n', ' ').trim();
  return {
    file,
    name: parsed.name,
    about: about ?? '',
    inputs: {},
    secrets: {},
    outputs: {},
    ...parsed.on.workflow_call,
    calls: [...text.matchAll(/^ +uses: \$\/\.github\/workflows\/(\S+)/gm)].map(([, called = '']) => called),
    permissions: Object.fromEntries(Object.entries(permissions).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** The page as Markdown. */
export function workflowPage(workflows: readonly ReusableWorkflow[]): string {
  const head = `# Reusable workflows

Written by \`npm run docs\` from the workflows. A calling job has to grant the permissions shown, can set neither
\`environment\` nor \`env\` nor \`timeout-minutes\`, and passes secrets by name; with \`secrets: inherit\` a secret of the
environment takes precedence. None calls another over more than two levels.
`;
  return [head, ...workflows.map(section)].join('\n');
}

function section(workflow: ReusableWorkflow): string {
  const { file, about, inputs, secrets, outputs } = workflow;
  return [
    `## ${file}`,
    about,
    `\`\`\`yaml\n${caller(workflow)}\`\`\``,
    table(['input', 'meaning', 'default'], inputs, (field) => [
      field.required === true ? '**required**' : field.default === '' ? '' : `\`${String(field.default)}\``,
    ]),
    table(['secret', 'meaning'], secrets, () => []),
    table(['output', 'meaning'], outputs, () => []),
    '',
  ]
    .filter((part, index, all) => part !== '' || index === all.length - 1)
    .join('\n\n');
}

/** The shortest job that calls it. */
function caller({ file, permissions, inputs, secrets }: ReusableWorkflow): string {
  const id = file.replace(/\.yml$/, '');
  const lines = [
    'jobs:',
    `  ${id}:`,
    `    uses: gated-delivery/gated-delivery/.github/workflows/${file}@v1`,
    '    permissions:',
    ...Object.entries(permissions).map(([name, level]) => `      ${name}: ${level}`),
  ];
  const required = Object.entries(inputs).filter(([, field]) => field.required === true);
  if (required.length > 0) lines.push('    with:', ...required.map(([name]) => `      ${name}: …`));
  if ('kubeconfig' in secrets) lines.push('    secrets:', '      kubeconfig: ${{ secrets.KUBECONFIG }}');
  return `${lines.join('\n')}\n`;
}

function table(
  head: readonly string[],
  fields: Readonly<Record<string, Field>>,
  more: (field: Field) => string[],
): string {
  const rows = Object.entries(fields).map(([name, field]) => [
    `\`${name}\``,
    field.description.trim().replaceAll(/\s+/g, ' '),
    ...more(field),
  ]);
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export function reusableWorkflows(): ReusableWorkflow[] {
  const folder = join(root, '.github/workflows');
  const order = ['pipeline', 'validate', 'scan', 'deploy', 'promote', 'rollback'];
  const rank = ({ file }: ReusableWorkflow): number =>
    (order.indexOf(file.replace('.yml', '')) + order.length + 1) % (order.length + 1);
  return readdirSync(folder)
    .sort()
    .flatMap((file) => readReusable(file, readFileSync(join(folder, file), 'utf8')) ?? [])
    .sort((a, b) => rank(a) - rank(b));
}
