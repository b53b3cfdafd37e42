import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../action-metadata.ts';

type Mapping = Readonly<Record<string, unknown>>;
type Parameters = Readonly<Record<string, { required?: boolean; default?: unknown } | null>>;

/** One `uses:` of this suite: an action in a step, or a reusable workflow in a job. */
export interface SuiteUse {
  /** Such as `actions/scan` or `.github/workflows/pipeline.yml`. */
  readonly path: string;
  readonly with: Mapping;
  readonly secrets: Mapping | 'inherit';
  /** Of the calling job; undefined where the block does not show the job. */
  readonly permissions: Mapping | undefined;
}

const reference = /^gated-delivery\/gated-delivery\/(.+)@[\w.-]+$/;

/** Every `uses:` of this suite, wherever it stands in a parsed YAML document. */
export function suiteUses(node: unknown): SuiteUse[] {
  if (Array.isArray(node)) return node.flatMap(suiteUses);
  if (!isMapping(node)) return [];
  const path = typeof node.uses === 'string' ? reference.exec(node.uses)?.[1] : undefined;
  const deeper = Object.values(node).flatMap(suiteUses);
  if (path === undefined) return deeper;
  const use: SuiteUse = {
    path,
    with: isMapping(node.with) ? node.with : {},
    secrets: node.secrets === 'inherit' ? 'inherit' : isMapping(node.secrets) ? node.secrets : {},
    permissions: isMapping(node.permissions) ? node.permissions : undefined,
  };
  return [use, ...deeper];
}

/** What is wrong with a `uses:`, one sentence each: unknown or missing inputs and secrets, permissions that are too few. */
export function mistakes(use: SuiteUse): string[] {
  const isWorkflow = use.path.endsWith('.yml');
  const text = readFileSync(join(root, isWorkflow ? use.path : join(use.path, 'action.yml')), 'utf8');
  const file = parse(text) as { on?: { workflow_call?: Mapping }; inputs?: Parameters };
  const inputs = (isWorkflow ? file.on?.workflow_call?.inputs : file.inputs) as Parameters | undefined;
  const found = compare(`${use.path}: input`, inputs ?? {}, use.with);
  if (!isWorkflow) return found;
  const secrets = (file.on?.workflow_call?.secrets ?? {}) as Parameters;
  if (use.secrets !== 'inherit') found.push(...compare(`${use.path}: secret`, secrets, use.secrets));
  for (const [scope, level] of Object.entries(neededPermissions(use.path))) {
    const given = use.permissions?.[scope];
    if (given !== level && given !== 'write') found.push(`${use.path}: needs ${scope}: ${level}`);
  }
  return found;
}

/** The permissions that a caller has to give, as GitHub refuses a run whose called jobs ask for more. */
export function neededPermissions(workflow: string): Record<string, string> {
  const { jobs } = parse(readFileSync(join(root, workflow), 'utf8')) as {
    jobs: Record<string, { uses?: string; permissions?: Record<string, string> }>;
  };
  const all: Record<string, string> = {};
  for (const { uses, permissions } of Object.values(jobs)) {
    const nested = uses?.startsWith('$/') === true ? neededPermissions(uses.slice(2)) : {};
    for (const [scope, level] of [...Object.entries(permissions ?? {}), ...Object.entries(nested)]) {
      if (all[scope] !== 'write') all[scope] = level;
    }
  }
  return all;
}

function compare(what: string, known: Parameters, given: Mapping): string[] {
  const unknown = Object.keys(given).filter((name) => !(name in known));
  const missing = Object.entries(known).filter(
    ([name, about]) => about?.required === true && about.default === undefined && !(name in given),
  );
  return [
    ...unknown.map((name) => `${what} '${name}' does not exist`),
    ...missing.map(([name]) => `${what} '${name}' is missing`),
  ];
}

function isMapping(node: unknown): node is Mapping {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}
