import { parseDocument } from 'yaml';
import type { RenderedRelease } from './helm.ts';

/** Tells the hooks of `helm template` output from the objects: an object with the annotation `helm.sh/hook`. */
export function splitHooks(rendered: string): RenderedRelease {
  const parts = { manifest: [] as string[], hooks: [] as string[] };
  for (const document of splitDocuments(rendered)) {
    (isHook(document) ? parts.hooks : parts.manifest).push(document);
  }
  const join = (documents: readonly string[]): string => documents.map((text) => `---\n${text}\n`).join('');
  return { manifest: join(parts.manifest), hooks: join(parts.hooks) };
}

/** The YAML documents of a text, without separators, empty ones dropped. */
export function splitDocuments(text: string): string[] {
  return text
    .split(/^---[ \t]*$/m)
    .map((document) => document.trim())
    .filter((document) => document.replaceAll(/^\s*#.*$/gm, '').trim() !== '');
}

function isHook(document: string): boolean {
  // Parsing every object costs; the annotation's name decides for nearly all.
  if (!document.includes('helm.sh/hook')) return false;
  return parseDocument(document).hasIn(['metadata', 'annotations', 'helm.sh/hook']);
}
