import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { root } from '../action-metadata.ts';
import { mistakes, neededPermissions, suiteUses } from './suite-uses.ts';
import { blocksOfPages, yamlBlocks } from './yaml-blocks.ts';

const blocks = blocksOfPages();
const consumers = ['examples/shop/.github/workflows'].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => {
    const where = `${folder}/${name}`;
    return { where, text: readFileSync(join(root, where), 'utf8') };
  }),
);

it('finds the blocks of a page, also those inside a list', () => {
  const page = 'a\n\n```yaml\nb: 1\n```\n\n- c\n\n  ```yaml\n  d:\n    e: 1\n  ```\n';
  expect(yamlBlocks('x.md', page)).toEqual([
    { where: 'x.md:3', text: 'b: 1\n' },
    { where: 'x.md:9', text: 'd:\n  e: 1\n' },
  ]);
});

it('finds what is wrong with a use', () => {
  const uses = suiteUses(
    parse(
      'steps:\n  - uses: gated-delivery/gated-delivery/actions/canary-gate@v1\n    with: { canari: a, stable: b, prometheus-url: c }',
    ),
  );
  expect(uses.flatMap(mistakes)).toEqual([
    "actions/canary-gate: input 'canari' does not exist",
    "actions/canary-gate: input 'canary' is missing",
  ]);
});

describe.each([...blocks, ...consumers])('the YAML at $where', ({ text }) => {
  it('is valid, and uses the suite as it is', () => {
    const document: unknown = parse(text);
    expect(document).toBeDefined();
    expect(suiteUses(document).flatMap(mistakes)).toEqual([]);
  });
});

it('is shown enough of what users write', () => {
  expect(blocks.length).toBeGreaterThan(15);
  expect(consumers.flatMap(({ text }) => suiteUses(parse(text))).length).toBeGreaterThan(1);
});

it('asks callers of the pipeline for nothing that the parts do not need', () => {
  expect(neededPermissions('.github/workflows/pipeline.yml')).toMatchObject({
    contents: 'read',
    statuses: 'write',
  });
});
