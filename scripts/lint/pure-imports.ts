import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { Rule } from 'eslint';

/** Packages that reach out: a module that imports one at run time is not pure, nor is one that imports that module. */
const platform = /^(node:|@actions\/|@octokit\/)/;
/** What only computes. */
const computing = new Set(['node:crypto', 'node:path', 'node:util', 'node:assert']);

/** Specifiers that are imported or re-exported at run time: `import type` is gone by then. */
export function runtimeImports(text: string): string[] {
  const statements = text.matchAll(
    /^(?:import|export)\s+(?!type\s)(?:([\w*{][^'";]*?)\s+from\s+)?['"]([^'"]+)['"]/gm,
  );
  return [...statements].flatMap(([, names, specifier]) =>
    specifier === undefined || onlyTypes(names ?? '') ? [] : [specifier],
  );
}

/** `{ type A, type B }` */
function onlyTypes(names: string): boolean {
  const inside = /^\{([^}]*)\}$/.exec(names.trim())?.[1];
  if (inside === undefined) return false;
  const each = inside.split(',').map((name) => name.trim());
  return each.every((name) => name === '' || name.startsWith('type '));
}

/** The chain of modules from `specifier`, imported by `file`, to one that reaches out; undefined where there is none. */
export function wayOut(specifier: string, file: string, seen = new Set<string>()): string[] | undefined {
  if (platform.test(specifier)) return computing.has(specifier) ? undefined : [specifier];
  if (!specifier.startsWith('.')) return undefined;
  const path = resolve(dirname(file), specifier);
  if (seen.has(path) || !existsSync(path)) return undefined;
  seen.add(path);
  for (const next of runtimeImports(readFileSync(path, 'utf8'))) {
    const rest = wayOut(next, path, seen);
    if (rest !== undefined) return [path, ...rest];
  }
  return undefined;
}

/** A pure file imports nothing at run time that reaches out, not by others either. */
export const pureImports: Rule.RuleModule = {
  meta: { type: 'problem', schema: [] },
  create: (context) => ({
    Program: (node) => {
      for (const specifier of runtimeImports(context.sourceCode.text)) {
        const way = wayOut(specifier, context.filename);
        if (way === undefined) continue;
        const names = way.map((path) => (path.startsWith('/') ? relative(context.cwd, path) : path));
        context.report({
          node,
          message: `This file is pure, and reaches ${names.join(' → ')}: pass data in.`,
        });
      }
    },
  }),
};
