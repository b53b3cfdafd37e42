import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { ActionMetadata } from './action-metadata.ts';
import { doors, frontDoor } from './front-door.ts';

interface Composite {
  readonly inputs: Record<string, { description: string; default?: string }>;
  readonly outputs: Record<string, { value: string }>;
  readonly runs: {
    readonly steps: { id?: string; if?: string; uses?: string; with?: Record<string, string> }[];
  };
}

const metadata = (action: string): ActionMetadata =>
  ({
    inputs: {
      timeout: { description: 'How long.', default: action === 'lint' ? '10m' : "it's 5" },
      'github-token': { description: 'Token.', default: '${{ github.token }}' },
      [`only-${action}`]: { description: 'Own.', default: '' },
    },
    outputs: { verdict: { description: 'How it went.' } },
  }) as unknown as ActionMetadata;

const door = parse(frontDoor(metadata)) as Composite;
const step = (id: string): Record<string, string> =>
  door.runs.steps.find((each) => each.id === id)?.with ?? {};

it('hands each action its own inputs with its own defaults', () => {
  expect(step('lint')).toEqual({
    timeout: "${{ inputs.timeout || '10m' }}",
    'github-token': '${{ inputs.github-token || github.token }}',
    'only-lint': '${{ inputs.only-lint }}',
  });
  expect(step('scan').timeout).toBe("${{ inputs.timeout || 'it''s 5' }}");
});

it('runs the chosen action alone', () => {
  const [, ...opened] = door.runs.steps;
  expect(opened.map(({ if: condition, uses }) => `${condition} ${uses}`)).toEqual(
    doors.map((name) => `inputs.action == '${name}' $/actions/${name}`),
  );
});

it('knows no input without an owner, and puts out what the chosen one puts out', () => {
  expect(Object.keys(door.inputs).sort()).toEqual(
    ['action', 'github-token', 'timeout', ...doors.map((name) => `only-${name}`)].sort(),
  );
  expect(door.inputs['only-scan']?.description).toBe('scan: Own.');
  expect(door.outputs.verdict?.value).toContain('steps.lint.outputs.verdict || steps.scan.outputs.verdict');
});
