/** The YAML of the documentation, so that it can be held against what the actions and workflows really take. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, parse, parseDocument, visit } from 'yaml';
import { readActionMetadata, root } from './action-metadata.ts';
import { frontDoor } from './front-door.ts';
import { readReusable } from './workflow-docs.ts';

export interface DocBlock {
  readonly page: string;
  readonly line: number;
  readonly text: string;
}

/** Every ```yaml block of the READMEs and of docs/, and the workflows of the example. */
export function docBlocks(): DocBlock[] {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
    ...readdirSync(join(root, 'actions')).map((name) => `actions/${name}/README.md`),
    'examples/shop/README.md',
  ].filter((page) => page.endsWith('.md'));
  const folder = 'examples/shop/.github/workflows';
  const workflows = readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
  return [
    ...pages.flatMap((page) => blocksOf(page, readFileSync(join(root, page), 'utf8'))),
    ...workflows.map((page) => ({ page, line: 1, text: readFileSync(join(root, page), 'utf8') })),
  ];
}

export function blocksOf(page: string, text: string): DocBlock[] {
  return [...text.matchAll(/^( *)```ya?ml\n([\s\S]*?)^ *```$/gm)].map((match) => ({
    page,
    line: text.slice(0, match.index).split('\n').length,
    text: (match[2] ?? '').replaceAll(new RegExp(`^${match[1] ?? ''}`, 'gm'), ''),
  }));
}

/** One `uses:` of this suite in a block, with what is given to it. */
export interface SuiteCall {
  readonly target: string;
  readonly inputs: readonly string[];
  /** Names of the secrets that are passed; undefined for all, by `secrets: inherit`. */
  readonly secrets: readonly string[] | undefined;
  /** undefined where none are shown. */
  readonly permissions: Readonly<Record<string, string>> | undefined;
}

const suite = 'gated-delivery/gated-delivery';

export function suiteCalls(text: string): SuiteCall[] {
  const calls: SuiteCall[] = [];
  visit(parseDocument(text), {
    Map(_, map) {
      const uses = map.get('uses');
      if (typeof uses !== 'string' || !uses.startsWith(suite)) return;
      const secrets = map.get('secrets');
      const granted = map.get('permissions');
      calls.push({
        target: uses.slice(suite.length).replace(/^\//, '').replace(/@.*$/, ''),
        inputs: keysOf(map.get('with')),
        secrets: secrets === 'inherit' ? undefined : keysOf(secrets),
        permissions: isMap(granted) ? (granted.toJSON() as Record<string, string>) : undefined,
      });
    },
  });
  return calls;
}

function keysOf(node: unknown): string[] {
  if (!isMap(node)) return [];
  return node.items.map(({ key }) => (isScalar(key) ? String(key.value) : String(key)));
}

/** What is wrong with a call, judged by the files it names; empty when nothing is. */
export function callProblems({ target, inputs, secrets, permissions }: SuiteCall): string[] {
  const known = takenBy(target);
  const unknown = inputs.filter((name) => name !== '…' && !(name in known.inputs));
  const missing = inputs.includes('…') ? [] : without(known.inputs, inputs);
  const untold = secrets === undefined ? [] : without(known.secrets, secrets);
  const lacking = Object.entries(permissions === undefined ? {} : known.permissions).filter(
    ([name, level]) => permissions?.[name] !== level && permissions?.[name] !== 'write',
  );
  return [
    ...unknown.map((name) => `${target} has no input ${name}`),
    ...missing.map((name) => `${target} needs the input ${name}`),
    ...untold.map((name) => `${target} needs the secret ${name}`),
    ...lacking.map(([name, level]) => `${target} needs ${name}: ${level}`),
  ];
}

type Fields = Readonly<Record<string, { readonly required?: boolean; readonly default?: unknown }>>;

/** What is required, has no default and is not among `given`. */
function without(fields: Fields, given: readonly string[]): string[] {
  return Object.entries(fields)
    .filter(
      ([name, field]) => field.required === true && field.default === undefined && !given.includes(name),
    )
    .map(([name]) => name);
}

function takenBy(target: string): { inputs: Fields; secrets: Fields; permissions: Record<string, string> } {
  const none = { secrets: {}, permissions: {} };
  if (target === '') return { inputs: (parse(frontDoor()) as { inputs: Fields }).inputs, ...none };
  const action = /^actions\/([a-z-]+)$/.exec(target)?.[1];
  if (action !== undefined) return { inputs: readActionMetadata(action).inputs, ...none };
  const workflow = readReusable(target, readFileSync(join(root, target), 'utf8'));
  if (workflow === undefined) throw new Error(`${target} is no reusable workflow`);
  return { ...workflow, permissions: { ...workflow.permissions } };
}

/** A workflow file that a reader could make of the block; undefined for other YAML and for what has gaps (`…`). */
export function asWorkflow(text: string): string | undefined {
  if (text.includes('…')) return undefined;
  if (/^on:/m.test(text) && /^jobs:/m.test(text)) return text;
  return text.startsWith('jobs:') ? `name: Shown\non: push\npermissions: {}\n${text}` : undefined;
}
