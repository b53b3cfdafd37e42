import { parseAllDocuments } from 'yaml';
import { isInside } from '../../../../../toolkit/files/repository-path.ts';
import type { ToolResult } from '../../../../../toolkit/findings/tool-result.ts';

export interface Manifests {
  readonly files: readonly string[];
  /** Folders of charts, whose templates are rendered elsewhere. */
  readonly charts: readonly string[];
  /** Files that Trivy's report names: it read those. */
  readonly reported: ReadonlySet<string>;
  readonly readText: (file: string) => string | undefined;
}

/**
 * Manifests that Trivy leaves out without a word, because they do not parse and so are no manifests to it: broken ones
 * are a tool error, and those that some other program still has to fill in are skipped.
 */
export function unreadManifests(
  { files, charts, reported, readText }: Manifests,
  named: { readonly tool: string; readonly target: string },
): ToolResult[] {
  const broken: string[] = [];
  const templates: string[] = [];
  for (const file of files) {
    if (reported.has(file) || !/\.(ya?ml|json)$/.test(file)) continue;
    if (/(^|\/)node_modules\//.test(file) || charts.some((chart) => isInside(file, chart))) continue;
    const text = readText(file) ?? '';
    if (!hasKey('apiVersion', text) || !hasKey('kind', text)) continue;
    const why = whyUnparsed(text);
    if (why === undefined) continue;
    if (/\{\{|\{%/.test(text)) templates.push(file);
    else broken.push(`${file} cannot be parsed: ${why}`);
  }
  return [
    ...(broken.length === 0
      ? []
      : [
          {
            ...named,
            status: 'tool-error' as const,
            message: `${broken[0] ?? ''}${broken.length === 1 ? '' : ` (and ${broken.length - 1} more)`}`,
            detail: broken.slice(0, 50).join('\n'),
          },
        ]),
    ...(templates.length === 0
      ? []
      : [
          {
            ...named,
            target: named.target === '.' ? 'templates' : `templates in ${named.target}`,
            status: 'skipped' as const,
            reason: `${templates.length} manifest${templates.length === 1 ? '' : 's'} with placeholders, not YAML yet: ${listed(templates)}`,
          },
        ]),
  ];
}

/** At the start of a line, or anywhere in the quotes of JSON. */
function hasKey(key: string, text: string): boolean {
  return new RegExp(`^${key}\\s*:|"${key}"\\s*:`, 'm').test(text);
}

function whyUnparsed(text: string): string | undefined {
  const documents = parseAllDocuments(text, { stringKeys: true, logLevel: 'error' });
  if (!Array.isArray(documents)) return undefined;
  const error = documents.flatMap((document) => document.errors)[0];
  return error?.message.split('\n')[0]?.replace(/:$/, '');
}

function listed(files: readonly string[]): string {
  const shown = files.slice(0, 5).join(', ');
  return files.length > 5 ? `${shown} and ${files.length - 5} more` : shown;
}
