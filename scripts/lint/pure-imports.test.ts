import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { runtimeImports, wayOut } from './pure-imports.ts';

it('reads what is imported at run time, and no type', () => {
  const text = [
    "import { a, type B } from './a.ts';",
    "import * as c from './c.ts';",
    "import d from 'd';",
    'import {',
    '  e,',
    "} from './e.ts';",
    "export { f } from './f.ts';",
    "export * from './g.ts';",
    "import './h.ts';",
    "import type { T } from './types.ts';",
    "export type { U } from './types.ts';",
    "import { type V, type W } from './types.ts';",
    "export const from = 'import x';",
  ].join('\n');
  expect(runtimeImports(text)).toEqual(['./a.ts', './c.ts', 'd', './e.ts', './f.ts', './g.ts', './h.ts']);
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pure-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('finds the way out through others, and none where they only compute', () => {
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const adapter = file('adapter.ts', "import { readFile } from 'node:fs/promises';\n");
  const between = file('between.ts', "import { x } from './adapter.ts';\nimport { y } from './circle.ts';\n");
  file('circle.ts', "import { y } from './between.ts';\n");
  file('hash.ts', "import { createHash } from 'node:crypto';\nimport type { x } from './adapter.ts';\n");
  const pure = join(folder, 'plan.ts');
  expect(wayOut('./between.ts', pure)).toEqual([between, adapter, 'node:fs/promises']);
  expect(wayOut('./hash.ts', pure)).toBeUndefined();
  expect(wayOut('valibot', pure)).toBeUndefined();
});
