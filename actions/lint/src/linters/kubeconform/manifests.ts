import { join } from 'node:path';
import { YamlError, parseYaml } from '../../../../../toolkit/files/parse-yaml.ts';
import { above, folderOf, isInside, nameIn } from '../../../../../toolkit/files/repository-path.ts';
import type { LintTools, Tree } from '../linter.ts';

const kustomization = /^([Kk]ustomization|kustomization\.ya?ml)$/;

/** Files that are whole manifests by themselves: no template of a chart, no kustomization and none of its patches. */
export function manifests(
  tree: Pick<Tree, 'root' | 'allFiles'> & { readonly files: readonly string[] },
  charts: readonly string[],
  tools: Pick<LintTools, 'readText'>,
): string[] {
  const read = (file: string): string => tools.readText(join(tree.root, file)) ?? '';
  const patches = patchFiles(tree.allFiles, read);
  return tree.files.filter((file) => {
    if (!/\.ya?ml$/.test(file) || isInside(file, '.github') || patches.has(file)) return false;
    if (/^(pnpm-lock|yarn)\b/.test(nameIn(file)) || charts.some((chart) => isInside(file, chart)))
      return false;
    const text = read(file);
    return (
      /^apiVersion:/m.test(text) && /^kind:/m.test(text) && !/^kind: (Kustomization|Component)\b/m.test(text)
    );
  });
}

/** Kustomize's patches name an object and a part of it: no schema holds for them. */
function patchFiles(files: readonly string[], read: (file: string) => string): Set<string> {
  const patches = new Set<string>();
  for (const file of files.filter((each) => kustomization.test(nameIn(each)))) {
    const root = asRecord(parsed(read(file)));
    for (const key of ['patches', 'patchesJson6902', 'patchesStrategicMerge']) {
      const list = root[key];
      for (const item of Array.isArray(list) ? (list as unknown[]) : []) {
        const path = typeof item === 'string' ? item : asRecord(item).path;
        if (typeof path === 'string' && !path.includes('\n')) patches.add(join(above(path, folderOf(file))));
      }
    }
  }
  return patches;
}

function parsed(text: string): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    if (error instanceof YamlError) return undefined;
    throw error;
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
