import type { ResolvedEnvironment } from '../../../toolkit/environments/resolve-environment.ts';
import { diffLines } from '../../../toolkit/manifests/diff-lines.ts';
import { codeBlock, escapeMarkdown, inlineCode, table } from '../../../toolkit/summary/markdown.ts';
import type { ReleasePlan } from './plan.ts';
import type { DeployResult } from './report.ts';
import type { Evidence } from './unhealthy.ts';

/** The job summary of a deploy: what, where, which revisions, and the redacted difference. */
export function summary({ target, inputs, plan, entry }: DeployResult, facts: { sha: string }): string {
  const phase = entry?.phase ?? 'not applied';
  const lines = [
    `## ${title(plan.decision, inputs.dryRun)} ${escapeMarkdown(target.environment)}`,
    '',
    table(
      ['namespace', 'branch', 'commit', 'strategy', 'state'],
      [
        [
          inlineCode(target.namespace),
          inlineCode(target.branch),
          inlineCode(facts.sha.slice(0, 12)),
          inputs.strategy,
          phase,
        ],
      ],
    ),
    '',
    ...(target.url === undefined ? [] : [`Open it at <${escapeMarkdown(target.url)}>.`, '']),
    releaseTable(plan.releases, entry?.releases ?? []),
    '',
    ...plan.allowed.map(({ message }) => `- allowed by name: ${escapeMarkdown(message)}`),
    ...plan.releases.flatMap(differences),
  ];
  return lines.join('\n');
}

export function skippedSummary(reason: string): string {
  return `## Not deployed\n\n${escapeMarkdown(reason)}`;
}

export function removedSummary(namespaces: readonly string[], otherwise: string, dryRun: boolean): string {
  if (namespaces.length === 0) return `## No preview removed\n\n${escapeMarkdown(otherwise)}`;
  return `## Previews ${dryRun ? 'that would be removed' : 'removed'}\n\n${namespaces.map((name) => `- ${inlineCode(name)}`).join('\n')}`;
}

/** Where a branch goes, found without a cluster. */
export function mappedSummary({ environment, namespace, branch }: ResolvedEnvironment): string {
  return `## ${inlineCode(branch)} belongs to ${escapeMarkdown(environment)}\n\nNamespace ${inlineCode(namespace)}.`;
}

export function failureSummary(
  { environment, namespace }: ResolvedEnvironment,
  { title: code, message }: { readonly title: string; readonly message: string },
  evidence: readonly Evidence[] = [],
): string {
  return [
    `## Deploy to ${escapeMarkdown(environment)} failed: ${code}`,
    '',
    `Namespace ${inlineCode(namespace)}.`,
    '',
    codeBlock(message),
    ...evidence.flatMap(({ title, lines }) => [
      '',
      `### ${escapeMarkdown(title)}`,
      '',
      ...evidenceLines(lines),
    ]),
  ].join('\n');
}

function evidenceLines(lines: readonly string[]): string[] {
  return lines.length === 0 ? ['No events and no log.'] : [codeBlock(lines.join('\n'))];
}

function title(decision: 'nothing' | 'verify' | 'apply', isDryRun: boolean): string {
  if (isDryRun) return decision === 'apply' ? 'Would deploy to' : 'Nothing to change in';
  return decision === 'apply' ? 'Deployed to' : 'Nothing changed in';
}

function releaseTable(
  plans: readonly ReleasePlan[],
  releases: readonly { name: string; namespace: string; revision: number; phase: string }[],
): string {
  const rows = plans.map(({ wanted, action, current }) => {
    const now = releases.find(
      ({ name, namespace }) => name === wanted.name && namespace === wanted.namespace,
    );
    const from = current === undefined ? '–' : String(current.revision);
    const to = now === undefined ? from : String(now.revision);
    return [inlineCode(wanted.name), action, from === to ? from : `${from} → ${to}`, now?.phase ?? '–'];
  });
  return table(['release', 'what', 'revision', 'state'], rows);
}

function differences({ wanted, changes }: ReleasePlan): string[] {
  if (changes.length === 0) return [];
  return [
    '',
    `<details><summary>${escapeMarkdown(wanted.name)}: ${changes.length} objects differ</summary>`,
    '',
    codeBlock(changes.flatMap(diffLines).join('\n'), 'diff'),
    '',
    '</details>',
  ];
}
