import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type Pair } from 'yaml';
import { parseDuration } from '../action/duration.ts';
import { UserError } from '../action/errors.ts';
import { checkEntries } from './check-entries.ts';
import type { EnvironmentEntry } from './entry.ts';

const keys = [
  'branch',
  'environment',
  'namespace',
  'gate',
  'preview',
  'ttl',
  'values',
  'url',
  'release',
  'allow-branch-takeover',
] as const;
type Key = (typeof keys)[number];

/**
 * Reads the branch map. `source` (a path, or `environments`) is what errors name, with the key and the line.
 * Throws E_CONFIG for malformed YAML, unknown keys, wrong types and entries that contradict each other.
 */
export function parseEntries(text: string, source: string): EnvironmentEntry[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, stringKeys: true });
  const lineOf = (node: unknown): number => {
    const offset = (node as Node | null | undefined)?.range?.[0];
    return offset === undefined ? 1 : lines.linePos(offset).line;
  };
  const refuse = (line: number, problem: string): UserError =>
    new UserError('E_CONFIG', `${source} line ${line}: ${problem}`, `correct line ${line} of ${source}`);

  const broken = document.errors[0];
  if (broken !== undefined) {
    const line = broken.linePos?.[0].line ?? 1;
    throw refuse(line, `not valid YAML: ${broken.message.split('\n')[0] ?? ''}`);
  }
  const root = document.contents;
  if (!isSeq(root) || root.items.length === 0) {
    throw refuse(lineOf(root), "expected a list of entries such as '- {branch: main, environment: …}'");
  }
  const entries = root.items.map((item) => {
    if (!isMap(item))
      throw refuse(lineOf(item), 'an entry must be a map with branch, environment, namespace');
    return readEntry(item.items, lineOf(item), lineOf, refuse);
  });
  checkEntries(entries, refuse);
  return entries;
}

function readEntry(
  pairs: readonly Pair[],
  line: number,
  lineOf: (node: unknown) => number,
  refuse: (line: number, problem: string) => UserError,
): EnvironmentEntry {
  const nodes = new Map<Key, unknown>();
  for (const pair of pairs) {
    const name = isScalar(pair.key) ? String(pair.key.value) : '?';
    const key = keys.find((known) => known === name);
    if (key === undefined)
      throw refuse(lineOf(pair.key), `unknown key '${name}', expected one of ${keys.join(', ')}`);
    nodes.set(key, pair.value);
  }
  const textOf = (key: Key, node: unknown): string => {
    if (!isScalar(node) || typeof node.value !== 'string' || node.value.trim() === '') {
      throw refuse(node === undefined ? line : lineOf(node), `'${key}' must be text: put it in quotes`);
    }
    return node.value.trim();
  };
  const text = (key: Key): string | undefined => {
    const node = nodes.get(key);
    return node === undefined ? undefined : textOf(key, node);
  };
  const required = (key: Key): string => {
    const value = text(key);
    if (value === undefined) throw refuse(line, `'${key}' is missing`);
    return value;
  };
  const list = (key: Key): string[] => {
    const node = nodes.get(key);
    if (node === undefined) return [];
    return isSeq(node) ? node.items.map((item) => textOf(key, item)) : [textOf(key, node)];
  };
  const flag = (key: Key): boolean => {
    const node = nodes.get(key);
    if (node === undefined) return false;
    if (isScalar(node) && typeof node.value === 'boolean') return node.value;
    throw refuse(lineOf(node), `'${key}' must be true or false`);
  };
  const branch = list('branch');
  if (branch.length === 0) throw refuse(line, "'branch' is missing");
  const gate = text('gate') ?? 'none';
  if (gate !== 'required' && gate !== 'none')
    throw refuse(lineOf(nodes.get('gate')), `'gate' is '${gate}', expected required or none`);
  const ttl = text('ttl');
  const ttlMs = ttl === undefined ? undefined : parseDuration(ttl);
  if (ttl !== undefined && ttlMs === undefined)
    throw refuse(lineOf(nodes.get('ttl')), `'ttl' is '${ttl}', expected a duration such as 7d`);
  return {
    branch,
    environment: required('environment'),
    namespace: required('namespace'),
    gate,
    preview: flag('preview'),
    ttlMs,
    values: list('values'),
    url: text('url'),
    release: text('release'),
    allowBranchTakeover: flag('allow-branch-takeover'),
    line,
  };
}
