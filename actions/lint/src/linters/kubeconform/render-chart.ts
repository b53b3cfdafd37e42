import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { endedBy, lastLines } from '../../../../../toolkit/findings/ended-by.ts';
import type { Broke, Skipped } from '../../../../../toolkit/findings/tool-result.ts';
import { above } from '../../../../../toolkit/files/repository-path.ts';
import type { LintTools, Tree } from '../linter.ts';

export type Rendering =
  | {
      readonly kind: 'rendered';
      /** Absolute paths of the rendered manifests. */
      readonly files: readonly string[];
      /** The template in the repository that a rendered file comes from. */
      readonly placeOf: (file: string) => string;
    }
  | { readonly kind: 'not'; readonly result: Broke | Skipped };

/**
 * Renders a chart with its own values by `helm template`, into files, so that each manifest has a place. A chart that
 * asks for values or dependencies it does not bring is skipped: what is wrong in its templates is `helm lint`'s to say.
 */
export async function renderChart(
  tree: Tree,
  chart: string,
  named: { readonly tool: string; readonly target: string },
  tools: LintTools,
): Promise<Rendering> {
  const output = tools.scratch('rendered');
  const broke = (message: string, detail: string): Rendering => ({
    kind: 'not',
    result: { ...named, status: 'tool-error', message, detail },
  });
  const result = await tools
    .run(['helm', 'template', 'lint', `./${chart}`, `--output-dir=${output}`], { cwd: tree.root })
    .catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    });
  if (result === undefined) return broke('helm is not installed here: put it on PATH before this step', '');
  const detail = lastLines([result.stdout, result.stderr]);
  if (result.ended !== 'by-itself') return broke(endedBy(result.ended), detail);
  if (result.code !== 0) {
    const why = /^Error: (.*)$/m.exec(result.stderr)?.[1];
    if (why === undefined) return broke(`helm failed (exit code ${result.code ?? 'none'})`, detail);
    const reason = `the chart does not render with its own values: ${why}`.slice(0, 400);
    return { kind: 'not', result: { ...named, status: 'skipped', reason } };
  }
  const files = tools.exists(output) ? await filesBelow(output) : [];
  return {
    kind: 'rendered',
    files,
    placeOf: (file) => {
      // Below the output there is the chart's own name first.
      const template = above(file.slice(output.length + 1).replace(/^[^/]*\//, ''), chart);
      // A packed dependency has no file in the repository.
      return tools.exists(join(tree.root, template)) ? template : above('Chart.yaml', chart);
    },
  };
}

async function filesBelow(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
