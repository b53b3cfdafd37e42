import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { areComplete } from './complete-charts.ts';

let base = '';
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'gd-charts-'));
  const charts = {
    plain: 'apiVersion: v2\nname: a\n',
    empty: 'apiVersion: v2\nname: a\ndependencies: []\n',
    needy: 'apiVersion: v2\nname: a\ndependencies: [{name: b, repository: "file://../b"}]\n',
    old: 'apiVersion: v1\nname: a\n',
    broken: 'apiVersion: [',
  };
  for (const [name, text] of Object.entries(charts)) {
    await mkdir(join(base, name));
    await writeFile(join(base, name, 'Chart.yaml'), text);
  }
});
afterAll(() => rm(base, { recursive: true, force: true }));

it.each([
  [['./plain', './empty', './plain'], true],
  [['./plain', './needy'], false],
  [['./old'], false],
  [['./broken'], false],
  [['./missing'], false],
  [['bitnami/redis'], false],
  [['oci://registry.example.com/charts/redis'], false],
])('%j: %s', async (charts, expected) => {
  expect(await areComplete(base, charts)).toBe(expected);
});
