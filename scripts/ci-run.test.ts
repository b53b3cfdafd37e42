import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { root } from './action-metadata.ts';

/** Runs .ci/run with an npm that fails at the commands that hold `failing`. */
function run(failing: string): { status: number | null; lines: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'gd-ci-'));
  mkdirSync(join(folder, '.ci'));
  cpSync(join(root, '.ci/run'), join(folder, '.ci/run'));
  const npm = `#!/bin/sh
case "$*" in
  *'${failing}'*) exit 7 ;;
  test*) echo '5 passed, 0 failed' ;;
  *) echo "$*" ;;
esac
`;
  writeFileSync(join(folder, 'npm'), npm, { mode: 0o755 });
  const { status, stdout } = spawnSync('bash', [join(folder, '.ci/run')], {
    env: { ...process.env, PATH: `${folder}:${process.env.PATH ?? ''}` },
    encoding: 'utf8',
  });
  return { status, lines: stdout.trimEnd().split('\n') };
}

it.each(['ci --no-audit', 'check'])('ends with a count when npm %s fails, and fails', (step) => {
  const { status, lines } = run(step);
  expect(status).toBe(7);
  expect(lines.at(-1)).toBe('0 passed, 1 failed');
  expect(lines.at(-2)).toContain(step);
  expect(lines).not.toContain('5 passed, 0 failed');
});

it('ends with the count of the tests', () => {
  expect(run('nothing')).toMatchObject({ status: 0 });
  expect(run('nothing').lines.at(-1)).toBe('5 passed, 0 failed');
});
