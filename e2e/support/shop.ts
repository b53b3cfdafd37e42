import { cpSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, parseAllDocuments } from 'yaml';
import { tool } from './rig.ts';

/** The example consumer's repository. */
export const shop = fileURLToPath(new URL('../../examples/shop', import.meta.url));

export const environments = ['dev', 'test', 'staging', 'production', 'preview'] as const;
export type Environment = (typeof environments)[number];

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: Record<string, unknown>;
  readonly data?: Readonly<Record<string, string>>;
}

export function parseManifests(text: string): Manifest[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}

/** A copy of what decides a render, to be changed by a test. */
export function copyShop(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gd-shop-'));
  for (const name of ['charts', 'deploy', 'environments', 'kustomize', 'helmfile.yaml'])
    cpSync(join(shop, name), join(folder, name), { recursive: true });
  return folder;
}

export interface RenderOptions {
  readonly folder?: string;
  readonly namespace?: string;
  readonly args?: readonly string[];
  /** A folder whose `helm` comes first. */
  readonly helm?: string;
}

/** What helmfile gives Helm to apply for an environment, as YAML. */
export async function renderHelmfile(environment: Environment, options: RenderOptions = {}): Promise<string> {
  const { namespace, helm } = options;
  return tool(
    'helmfile',
    [
      ...['--quiet', '--environment', environment],
      ...(helm === undefined ? [] : ['--helm-binary', join(helm, 'helm')]),
      ...(namespace === undefined ? [] : ['--namespace', namespace]),
      ...['template', ...(options.args ?? [])],
    ],
    { cwd: options.folder ?? shop },
  );
}

export async function renderOverlay(environment: Environment, folder = shop): Promise<string> {
  return tool('kubectl', ['kustomize', join(folder, 'kustomize/overlays', environment)]);
}

/** Every text in a tree of values, with its path. */
export function textsOf(tree: unknown, path = ''): { path: string; text: string }[] {
  if (typeof tree === 'string') return [{ path, text: tree }];
  if (tree === null || typeof tree !== 'object') return [];
  return Object.entries(tree).flatMap(([key, value]) => textsOf(value, `${path}/${key}`));
}

/** The values files of an environment as trees, by file name. */
export function valuesOf(environment: Environment, folder = shop): Map<string, unknown> {
  const place = join(folder, 'environments', environment);
  return new Map(
    readdirSync(place).map((name) => [name, parse(readFileSync(join(place, name), 'utf8')) as unknown]),
  );
}
