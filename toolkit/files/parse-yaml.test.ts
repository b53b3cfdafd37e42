import { expect, it } from '@jest/globals';
import { YamlError, parseYaml } from './parse-yaml.ts';

it.each(['a: [', 'a: *nobody', '? [a]\n: b', `${'? '.repeat(2_000)}a`])('refuses %j', (text) => {
  expect(() => parseYaml(text)).toThrow(YamlError);
});

it('reads what is a document, also one that only warns', () => {
  expect(parseYaml('a: &x [1]\nb: *x')).toEqual({ a: [1], b: [1] });
  expect(parseYaml('%unknown x\n---\n')).toBeNull();
});
