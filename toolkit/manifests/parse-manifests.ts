import { isCollection, parseAllDocuments, visit, type Document, type Tags } from 'yaml';
import { UserError } from '../action/errors.ts';
import type { ManifestObject } from './manifest-object.ts';

/** Tags of YAML 1.1 that Kubernetes' reader does not know: `12:30:00` and dates stay text there. */
const unknownToKubernetes = new Set(['timestamp', 'binary', 'omap', 'pairs', 'set']);

function kubernetesTags(tags: Tags): Tags {
  return tags.filter((tag) => {
    if (typeof tag === 'string') return !unknownToKubernetes.has(tag);
    const { tag: name, format } = tag;
    return format !== 'TIME' && !unknownToKubernetes.has(name.replace('tag:yaml.org,2002:', ''));
  });
}

/**
 * The objects of a multi-document manifest in their order, with `List`s taken apart and empty documents left out.
 * YAML 1.1, as Kubernetes reads it: `0644` is octal, `yes` is true. Throws E_RENDER naming the document.
 */
export function parseManifests(text: string): ManifestObject[] {
  const documents = parseAllDocuments(text, {
    version: '1.1',
    merge: true,
    customTags: kubernetesTags,
    // Helm's renderer takes the later of two equal keys, so a stored manifest may hold them.
    uniqueKeys: false,
    logLevel: 'silent',
  });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document, index) => {
    const broken = document.errors[0];
    if (broken !== undefined) throw refused(index, broken.message.split('\n')[0] ?? 'broken');
    if (hasCollectionKey(document)) throw refused(index, 'a key is a list or a map');
    return objectsOf(toValue(document, index), index);
  });
}

/** JSON has no such keys, and to write them as text takes the parser hours when they are inside each other. */
function hasCollectionKey(document: Document): boolean {
  let found = false;
  visit(document, {
    Pair: (_, { key }) => {
      found ||= isCollection(key);
      return found ? visit.BREAK : undefined;
    },
  });
  return found;
}

/** Aliases without an anchor, too many of them, and merges of what is no map are found only here. */
function toValue(document: Document, index: number): unknown {
  try {
    return document.toJS({ maxAliasCount: 1_000 });
  } catch (error) {
    throw refused(index, error instanceof Error ? error.message : String(error));
  }
}

function objectsOf(value: unknown, index: number): ManifestObject[] {
  if (value === null || value === undefined) return [];
  const object = value as Partial<ManifestObject> & { items?: unknown };
  if (typeof value !== 'object' || typeof object.kind !== 'string' || typeof object.apiVersion !== 'string') {
    throw refused(index, 'it has no kind or no apiVersion');
  }
  if (object.kind.endsWith('List') && Array.isArray(object.items)) {
    return object.items.flatMap((item) => objectsOf(item, index));
  }
  if (typeof object.metadata?.name !== 'string') throw refused(index, `${object.kind} has no metadata.name`);
  return [object as ManifestObject];
}

function refused(index: number, problem: string): UserError {
  return new UserError(
    'E_RENDER',
    `document ${index + 1} of the manifest is not an object: ${problem}`,
    'run `helm template` with the same values and read that document',
  );
}
