/** The YAML of the documentation, so that it can be held against what the actions and workflows really take. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, parseDocument, visit } from 'yaml';
import { readActionMetadata, root } from './action-metadata.ts';
import { frontDoor } from './front-door.ts';
import { readReusable } from './workflow-docs.ts';

export interface DocBlock {
  readonly page: string;
  readonly line: number;
  readonly text: string;
}

/** Every ```yaml block of the READMEs and of docs/. */
export function docBlocks(): DocBlock[] {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
    ...readdirSync(join(root, 'actions')).map((name) => `actions/${name}/README.md`),
    'examples/shop/README.md',
  ].filter((page) => page.endsWith('.md'));
  return pages.flatMap((page) => blocksOf(page, readFileSync(join(root, page), 'utf8')));
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
      const given = map.get('with');
      const granted = map.get('permissions');
      calls.push({
        target: uses.slice(suite.length).replace(/^\//, '').replace(/@.*$/, ''),
        inputs: isMap(given)
          ? given.items.map(({ key }) => (isScalar(key) ? String(key.value) : String(key)))
          : [],
        permissions: isMap(granted) ? (granted.toJSON() as Record<string, string>) : undefined,
      });
    },
  });
  return calls;
}

/** What is wrong with a call, judged by the files it names; empty when nothing is. */
export function callProblems({ target, inputs, permissions }: SuiteCall): string[] {
  const known = knownInputs(target);
  const unknown = inputs.filter((name) => name !== '…' && !known.inputs.includes(name));
  const lacking = Object.entries(permissions === undefined ? {} : known.permissions).filter(
    ([name, level]) => permissions?.[name] !== level && permissions?.[name] !== 'write',
  );
  return [
    ...unknown.map((name) => `${target} has no input ${name}`),
    ...lacking.map(([name, level]) => `${target} needs ${name}: ${level}`),
  ];
}

function knownInputs(target: string): { inputs: string[]; permissions: Readonly<Record<string, string>> } {
  if (target === '') {
    const door = parseDocument(frontDoor()).toJS() as { inputs: object };
    return { inputs: Object.keys(door.inputs), permissions: {} };
  }
  const action = /^actions\/([a-z-]+)$/.exec(target)?.[1];
  if (action !== undefined)
    return { inputs: Object.keys(readActionMetadata(action).inputs), permissions: {} };
  const workflow = readReusable(target, readFileSync(join(root, target), 'utf8'));
  if (workflow === undefined) throw new Error(`${target} is no reusable workflow`);
  return { inputs: Object.keys(workflow.inputs), permissions: workflow.permissions };
}

/** A workflow file that a reader could make of the block; undefined for other YAML and for what has gaps (`…`). */
export function asWorkflow(text: string): string | undefined {
  if (text.includes('…')) return undefined;
  if (/^on:/m.test(text) && /^jobs:/m.test(text)) return text;
  return text.startsWith('jobs:') ? `name: Shown\non: push\npermissions: {}\n${text}` : undefined;
}
