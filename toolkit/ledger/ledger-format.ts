import * as v from 'valibot';
import { UserError } from '../action/errors.ts';
import { ledgerName, phases, type Ledger } from './ledger.ts';

/** What a ConfigMap may hold is 1 MiB in all; this leaves room for its metadata. */
export const ledgerBytes = 900_000;

const text = v.string();
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const phase = v.picklist(phases);

const workload = v.object({
  kind: v.picklist(['Deployment', 'DaemonSet', 'StatefulSet']),
  name: text,
  template: text,
  revision: count,
});

const release = v.object({
  name: text,
  namespace: text,
  kind: v.picklist(['helm', 'kustomize', 'argocd']),
  chart: text,
  chartVersion: text,
  revision: count,
  previousRevision: count,
  manifestSha256: text,
  valuesSha256: text,
  images: v.array(v.object({ workload: text, container: text, image: text, digest: text })),
  workloads: v.array(workload),
  phase,
  needs: v.array(text),
  drifted: v.exactOptional(v.boolean()),
});

const entry = v.object({
  id: text,
  startedAt: text,
  updatedAt: text,
  gitSha: text,
  branch: text,
  runUrl: text,
  actor: text,
  strategy: v.picklist(['direct', 'canary', 'promote']),
  phase,
  releases: v.array(release),
  reason: text,
});

const step = v.object({
  release: text,
  namespace: text,
  fromRevision: count,
  toRevision: count,
  toManifestSha256: text,
  state: v.picklist(['todo', 'doing', 'done', 'held', 'failed']),
  note: text,
});

const plan = v.object({
  id: text,
  createdAt: text,
  updatedAt: text,
  reason: text,
  runUrl: text,
  automatic: v.boolean(),
  state: v.picklist(['open', 'done', 'failed']),
  entryId: text,
  steps: v.array(step),
});

const ledger = v.object({
  format: v.literal(1),
  environment: text,
  namespace: text,
  branch: text,
  entries: v.array(entry),
  bad: v.array(v.object({ gitSha: text, since: text, reason: text, planId: text })),
  plans: v.array(plan),
});

export function emptyLedger(namespace: string, environment: string): Ledger {
  return { format: 1, environment, namespace, branch: '', entries: [], bad: [], plans: [] };
}

/** Reads a ledger. Throws E_CONFIG for anything else: it is never repaired or overwritten by guess. */
export function parseLedger(content: string, namespace: string): Ledger {
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch {
    throw damaged(namespace, 'it is not JSON');
  }
  const result = v.safeParse(ledger, parsed);
  if (!result.success) {
    const issue = result.issues[0];
    throw damaged(namespace, `${v.getDotPath(issue) ?? 'content'}: ${issue.message}`);
  }
  return result.output;
}

/** The ledger as JSON of at most `maxBytes`, made shorter by `shorten` where needed. */
export function serializeLedger(full: Ledger, maxBytes = ledgerBytes): string {
  const size = (content: string): number => new TextEncoder().encode(content).length;
  let current = full;
  for (;;) {
    const content = JSON.stringify(current);
    if (size(content) <= maxBytes) return content;
    const shorter = shorten(current);
    if (shorter === undefined) return content;
    current = shorter;
  }
}

/**
 * Drops the oldest closed plan that wrote no entry, or the oldest entry that no release may need to go back to: the last entry, and the two
 * newest verified ones of each release stay. undefined when nothing can go.
 */
function shorten(full: Ledger): Ledger | undefined {
  // By the plan of its id an entry is known as a rollback's, and a second rollback as nothing to do.
  const telling = new Set(full.entries.map(({ id }) => id));
  const plan = full.plans.slice(0, -1).find(({ id, state }) => state !== 'open' && !telling.has(id));
  if (plan !== undefined) return { ...full, plans: full.plans.filter((other) => other !== plan) };
  const kept = new Map<string, number>();
  const needed = new Set([full.entries.at(-1)]);
  for (const candidate of full.entries.toReversed()) {
    for (const { name, namespace, phase: state } of candidate.releases) {
      if (state !== 'verified') continue;
      const key = `${namespace}/${name}`;
      const seen = kept.get(key) ?? 0;
      kept.set(key, seen + 1);
      if (seen < 2) needed.add(candidate);
    }
  }
  const entryToDrop = full.entries.find((candidate) => !needed.has(candidate));
  if (entryToDrop !== undefined)
    return { ...full, entries: full.entries.filter((other) => other !== entryToDrop) };
  return full.bad.length > 200 ? { ...full, bad: full.bad.slice(1) } : undefined;
}

function damaged(namespace: string, problem: string): UserError {
  return new UserError(
    'E_CONFIG',
    `the ledger ${namespace}/${ledgerName} cannot be read: ${problem}`,
    `look at it with \`kubectl -n ${namespace} get configmap ${ledgerName} -o yaml\`; rename it to begin anew`,
  );
}
