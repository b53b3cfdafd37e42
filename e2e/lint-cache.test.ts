/** What a run keeps for the next one: the findings of a commit, and which files are formatted. */
import { mkdirSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { found, makeLintSite, type LintSite } from './support/lint-site.ts';
import type { BundleResult } from './support/run-bundle.ts';

let site: LintSite;
let before = '';
const known = 'is known from an earlier run';
const config = "module.exports = [{ rules: { 'no-var': 2, eqeqeq: 1 } }];\n";

beforeEach(async () => {
  site = makeLintSite();
  site.consumer.install('eslint');
  site.consumer.install('prettier');
  before = site.consumer.commit({
    'package.json': '{ "private": true }\n',
    '.gitignore': 'node_modules\n',
    '.prettierrc': '{}\n',
    'eslint.config.js': config,
    'old.js': `${'alert(1);\n'.repeat(10)}var old = 1\nif (old == 1) alert(old);\n`,
    'ü b.js': 'var odd = 1;\n',
    'same.js': 'var same = 1;\n',
  });
  expect((await site.lint()).outputs.verdict).toBe('findings');
});
afterEach(() => {
  site.remove();
});

function pullRequest(): Promise<BundleResult> {
  return site.lint({ event: site.consumer.pullRequest(before) });
}
async function compareWithFresh(isKnown: boolean): Promise<BundleResult> {
  const result = await pullRequest();
  expect(result.log.includes(known)).toBe(isKnown);
  const fresh = await site.lint({
    event: site.consumer.pullRequest(before),
    env: { XDG_CACHE_HOME: join(site.temp, 'fresh') },
  });
  expect(fresh.log).not.toContain(known);
  expect(found(result)).toEqual(found(fresh));
  return result;
}

describe('the findings of the base', () => {
  it('are taken from its own run, with the same outcome as linting it again', async () => {
    site.consumer.git('mv', 'old.js', 'moved.js');
    site.consumer.commit({
      'ü b.js': '// above\n  var odd = 1;\nvar odd2 = 1;\n',
      'new.js': 'var fresh = 1;\n',
    });
    const result = await compareWithFresh(true);
    expect(result.outputs.verdict).toBe('findings');
    expect(found(result)).toContain('no-var ü b.js:2 unchanged');
    expect(found(result)).toContain('no-var new.js:1 new');
  });

  it('are linted again when the configuration is another', async () => {
    site.consumer.commit({ 'eslint.config.js': config.replace('eqeqeq: 1', 'eqeqeq: 2') });
    await compareWithFresh(false);
  });

  it('are linted again when what was kept cannot be read', async () => {
    const dir = join(site.temp, 'cache/gated-delivery/lint/results');
    expect(readdirSync(dir)).toHaveLength(2);
    for (const name of readdirSync(dir)) writeFileSync(join(dir, name), '{"format":1,"findings":[{}]}');
    site.consumer.commit({ 'new.js': 'var fresh = 1;\n' });
    await compareWithFresh(false);
  });

  it('are not kept of a checkout with changes, nor of a part of the files', async () => {
    const dir = join(site.temp, 'cache/gated-delivery/lint/results');
    site.consumer.commit({ 'new.js': 'var fresh = 1;\n' });
    await pullRequest();
    writeFileSync(join(site.consumer.dir, 'new.js'), '');
    await site.lint();
    expect(readdirSync(dir)).toHaveLength(2);
  });

  it('cost nothing but time where they cannot be kept', async () => {
    mkdirSync(join(site.temp, 'taken'));
    writeFileSync(join(site.temp, 'taken/gated-delivery'), 'a file where the folder would be');
    const result = await site.lint({ env: { XDG_CACHE_HOME: join(site.temp, 'taken') } });
    expect(result.outputs.verdict).toBe('findings');
  });
});

describe('formatted files', () => {
  it('are not formatted again, and are as soon as their text or options change', async () => {
    const fine = 'export const fine = "1";\n';
    site.consumer.commit({ 'fine.js': fine, 'fine too.js': fine });
    const formatted = async (): Promise<string[]> =>
      found(await site.lint({ inputs: { linters: 'prettier' } })).filter((line) => line.includes('fine'));
    const { asked } = countFormatting();
    expect(await formatted()).toEqual([]);
    expect(asked()).toEqual(['fine too.js', 'fine.js']);
    expect(await formatted()).toEqual([]);
    expect(asked()).toEqual([]);
    site.consumer.commit({ 'fine too.js': fine.replaceAll('"', "'") });
    expect(await formatted()).toEqual(['format fine too.js:1']);
    expect(asked()).toEqual(['fine too.js']);
    site.consumer.commit({ '.prettierrc': '{ "singleQuote": true }\n' });
    expect(await formatted()).toEqual(['format fine.js:1']);
    expect(asked()).toEqual(['fine too.js', 'fine.js']);
    writeFileSync(join(site.temp, 'cache/gated-delivery/lint/prettier.json'), 'not JSON');
    expect(await formatted()).toEqual(['format fine.js:1']);
    expect(asked()).toEqual(['fine too.js', 'fine.js']);
  });
});

/** Puts a Prettier in place that writes down what it is asked to format, and does it as the real one. */
function countFormatting(): { asked: () => string[] } {
  const log = join(site.temp, 'formatted');
  const dir = join(site.consumer.dir, 'node_modules/prettier');
  const real = realpathSync(dir);
  rmSync(dir);
  mkdirSync(dir);
  writeFileSync(join(dir, 'package.json'), '{ "version": "3.0.0-counting", "main": "index.js" }');
  writeFileSync(
    join(dir, 'index.js'),
    `const real = require(${JSON.stringify(real)});
module.exports = { ...real, format(source, options) {
  require('node:fs').appendFileSync(${JSON.stringify(log)}, options.filepath + '\\n');
  return real.format(source, options);
} };\n`,
  );
  return {
    asked: () => {
      const names = readFileSync(log, { encoding: 'utf8', flag: 'a+' }).split('\n');
      writeFileSync(log, '');
      return names.filter((name) => name.startsWith('fine')).sort();
    },
  };
}
