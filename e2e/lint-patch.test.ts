/** The patch that lint leaves: what the tools would mend, for `git apply`, never applied and never pushed. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeLintSite, type LintSite } from './support/lint-site.ts';

let site: LintSite;

beforeEach(() => {
  site = makeLintSite();
  site.consumer.install('eslint');
  site.consumer.install('prettier');
});
afterEach(() => {
  site.remove();
});

const base = {
  'package.json': '{\n  "private": true,\n  "type": "module"\n}\n',
  'eslint.config.js': `export default [{ rules: { 'no-var': 'error', 'prefer-const': 'error', eqeqeq: 'error' } }];\n`,
  '.prettierrc': '{ "singleQuote": true, "printWidth": 120 }\n',
  '.gitignore': 'node_modules\n',
};
const read = (name: string): string => readFileSync(join(site.consumer.dir, name), 'utf8');

describe('the patch', () => {
  it('mends what is new and leaves what was there, whatever the files are called', async () => {
    const before = site.consumer.commit({ ...base, 'old.js': 'var old = 1;\nexport { old };\n' });
    const names = ['$(id).js', '-rf.js', 'a b.js', 'nl\nname.js', 'ü.js', 'deep/er/"q".js'];
    const text = 'let a = "1"\n\n\n\nvar b = a == 2\nexport {b};';
    site.consumer.commit({
      ...Object.fromEntries(names.map((name) => [name, text])),
      'bom.js': '\uFEFFlet marked = 1;\nexport { marked };\n',
      'crlf.js': 'let ended = 1;\r\nexport { ended };\r\n',
      'old.js': 'var old = 1;\nexport { old };\nlet added = 2;\nexport { added };\n',
    });
    chmodSync(join(site.consumer.dir, 'a b.js'), 0o755);
    site.consumer.git('commit', '-qam', 'mode');
    const result = await site.lint({ event: site.consumer.pullRequest(before) });
    expect(result.outputs.verdict).toBe('findings');
    expect(site.consumer.git('status', '--porcelain')).toBe('');
    expect(result.summary).toContain('### Autofix');

    // What touches what was mended waits for the next run.
    let rounds = 0;
    for (let { patch } = result.outputs; patch !== '' && rounds < 5; rounds += 1) {
      site.consumer.git('apply', '--whitespace=nowarn', patch ?? '');
      expect(site.consumer.git('diff', '--summary')).toBe('');
      site.consumer.git('commit', '-qam', 'mended');
      ({ patch } = (await site.lint({ event: site.consumer.pullRequest(before) })).outputs);
    }
    expect(rounds).toBe(3);
    for (const name of names) expect(read(name)).toBe("const a = '1';\n\nconst b = a == 2;\nexport { b };\n");
    expect(read('old.js')).toBe('var old = 1;\nexport { old };\nconst added = 2;\nexport { added };\n');
    expect(read('bom.js')).toBe('\uFEFFconst marked = 1;\nexport { marked };\n');
    expect(read('crlf.js')).toBe('const ended = 1;\nexport { ended };\n');
  });

  it('is shown as a suggestion at the finding too, one by one', async () => {
    site.consumer.commit({ ...base, '.prettierignore': '*\n', 'a.js': 'alert(1);\nvar b = 2;\nalert(b);\n' });
    const result = await site.lint();
    const [error] = result.errors;
    expect(error).toContain('Unexpected var');
    expect(error).toContain('Suggested:\nlet b = 2;');
  });

  it('is empty when no tool can mend anything, or all is well', async () => {
    site.consumer.commit({ ...base, 'a.js': 'export const is = (a) => a == 2;\n' });
    const result = await site.lint();
    expect(result.outputs).toMatchObject({ verdict: 'findings', patch: '' });
    expect(result.summary).not.toContain('Autofix');
  });

  it('leaves a file alone that is not UTF-8', async () => {
    site.consumer.commit(base);
    const latin = Buffer.from('var name = "\xfc";\n', 'latin1');
    writeFileSync(join(site.consumer.dir, 'latin.js'), latin);
    site.consumer.commit({});
    const result = await site.lint();
    expect(result.outputs).toMatchObject({ verdict: 'findings', patch: '' });
    expect(readFileSync(join(site.consumer.dir, 'latin.js'))).toEqual(latin);
  });
});
