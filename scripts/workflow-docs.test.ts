import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { readReusable, reusableWorkflows, workflowPage } from './workflow-docs.ts';

const text = `# Does a thing
# with care.
name: Thing
on:
  workflow_call:
    inputs:
      where: { description: 'Here | there', type: string, required: true }
      how: { description: How, type: string, default: well }
permissions: {}
jobs:
  a: { permissions: { contents: read, statuses: write } }
  b: { permissions: { contents: write, statuses: read } }
`;

describe('readReusable', () => {
  it('asks the caller for the most that any job asks for', () => {
    expect(readReusable('thing.yml', text)?.permissions).toEqual({ contents: 'write', statuses: 'write' });
  });
  it('knows a workflow that nobody calls', () => {
    expect(readReusable('ci.yml', 'name: CI\non: { push: {} }\njobs: {}\n')).toBeUndefined();
  });
});

it('shows a caller, the required inputs in it, and what each field means', () => {
  const page = workflowPage([readReusable('thing.yml', text)!]);
  expect(page).toContain('Does a thing with care.');
  expect(page).toContain('| `where` | Here \\| there | **required** |');
  expect(page).toContain('| `how` | How | `well` |');
  const block = /```yaml\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  expect(parse(block)).toMatchObject({
    jobs: { thing: { permissions: { contents: 'write' }, with: { where: '…' } } },
  });
});

it('describes every input, secret and output of the workflows that are there', () => {
  for (const { file, inputs, secrets, outputs } of reusableWorkflows()) {
    for (const [name, field] of Object.entries({ ...inputs, ...secrets, ...outputs })) {
      expect([file, name, field.description.length > 10]).toEqual([file, name, true]);
    }
  }
});

it('keeps to what GitHub Enterprise Server runs: four levels with the caller, twenty workflows', () => {
  const workflows = reusableWorkflows();
  const depth = (file: string): number =>
    1 + Math.max(0, ...(workflows.find((each) => each.file === file)?.calls ?? []).map(depth));
  expect(workflows.length).toBeLessThan(20);
  expect(Math.max(...workflows.map(({ file }) => 1 + depth(file)))).toBeLessThanOrEqual(4);
  expect(depth('pipeline.yml')).toBe(2);
});
