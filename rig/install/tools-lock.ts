import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { parse } from 'yaml';

/** Target name → path inside the archive, wheel or module; '' when the download is the file itself. */
const files = v.record(v.string(), v.string());
const platformText = v.record(v.string(), v.string());

const goModule = {
  module: v.string(),
  version: v.string(),
  /** `h1:` hash of the module zip as Go's checksum database has it. */
  sum: v.pipe(v.string(), v.startsWith('h1:')),
};

const recipe = v.variant('kind', [
  v.strictObject({
    kind: v.literal('go'),
    ...goModule,
    /** Binary name → main package. */
    packages: v.record(v.string(), v.string()),
    tags: v.optional(v.string()),
    ldflags: v.optional(v.string(), ''),
    env: v.optional(v.record(v.string(), v.string()), {}),
    staging: v.optional(v.strictObject({ prefix: v.string(), version: v.string() })),
    seconds: v.number(),
  }),
  v.strictObject({
    kind: v.literal('go-edited'),
    ...goModule,
    packages: v.record(v.string(), v.string()),
    ldflags: v.optional(v.string(), ''),
    /** A file of this repository: the edits made to a copy of the module's source, see source-edits.ts. */
    edits: v.string(),
    seconds: v.number(),
  }),
  v.strictObject({ kind: v.literal('go-files'), ...goModule, files }),
  v.strictObject({
    kind: v.literal('npm'),
    package: v.string(),
    version: v.string(),
    integrity: v.pipe(v.string(), v.startsWith('sha512-')),
    /** The package holds binaries of these platforms only. */
    platforms: v.array(v.string()),
    /** An archive inside the package that holds the files. */
    zip: v.string(),
    files,
  }),
  /** In no registry but by its release. */
  v.strictObject({ kind: v.literal('none') }),
  v.strictObject({
    kind: v.literal('debian'),
    /** Downloaded by apt, which checks their signatures and hashes, and unpacked; nothing is installed. */
    packages: v.pipe(v.array(v.string()), v.minLength(1)),
    files,
  }),
  v.strictObject({
    kind: v.literal('pypi'),
    package: v.string(),
    version: v.string(),
    sha256: platformText,
    files,
  }),
]);

const release = v.strictObject({
  url: v.pipe(v.string(), v.url()),
  /** Published by the project; `unknown` means the release is not downloaded. */
  sha256: v.pipe(v.string(), v.regex(/^([0-9a-f]{64}|unknown)$/)),
  files,
});

const tool = v.strictObject({
  version: v.string(),
  group: v.string(),
  release: v.optional(v.record(v.string(), release), {}),
  recipe,
});

const lock = v.strictObject({ tools: v.record(v.string(), tool) });

export type Release = v.InferOutput<typeof release>;
export type Recipe = v.InferOutput<typeof recipe>;
export type RecipeOf<K extends Recipe['kind']> = Extract<Recipe, { kind: K }>;
export type Tool = v.InferOutput<typeof tool> & { readonly name: string };

/** Parses the text of tools.lock; throws with the path of the first field that is wrong. */
export function parseToolsLock(text: string): Tool[] {
  const result = v.safeParse(lock, parse(text, { merge: true }));
  if (!result.success) {
    const [issue] = result.issues;
    throw new Error(`tools.lock: ${v.getDotPath(issue) ?? ''}: ${issue.message}`);
  }
  return Object.entries(result.output.tools).map(([name, entry]) => ({ name, ...entry }));
}

export function readToolsLock(): Tool[] {
  return parseToolsLock(readFileSync(new URL('../tools.lock', import.meta.url), 'utf8'));
}
