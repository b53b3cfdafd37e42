import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

/**
 * Whether every chart is a folder that lists no dependencies, so that `helm dependency build` would do nothing; helmfile
 * runs it for each release by itself, one after the other. What cannot be read is not complete.
 */
export async function areComplete(base: string, charts: readonly string[]): Promise<boolean> {
  const complete = await Promise.all([...new Set(charts)].map((chart) => isComplete(resolve(base, chart))));
  return complete.every(Boolean);
}

async function isComplete(folder: string): Promise<boolean> {
  try {
    const chart = parse(await readFile(join(folder, 'Chart.yaml'), 'utf8')) as {
      apiVersion?: string;
      dependencies?: unknown[];
    };
    // Charts of version 1 list them in another file.
    return chart.apiVersion === 'v2' && (chart.dependencies ?? []).length === 0;
  } catch {
    return false;
  }
}
