import { describe, expect, it } from '@jest/globals';
import { parseToolsLock, readToolsLock } from './tools-lock.ts';

const tool = (recipe: string): string => `tools: { t: { version: 1.0.0, group: g, recipe: ${recipe} } }`;

describe('tools.lock', () => {
  it('parses as committed, with a pinned integrity in every recipe', () => {
    const tools = readToolsLock();
    expect(tools.length).toBeGreaterThan(10);
    expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
  });

  it('names linux-x64 and linux-arm64 releases by https and with a checksum or the word unknown', () => {
    for (const { name, release } of readToolsLock()) {
      for (const [platform, { url }] of Object.entries(release)) {
        expect(`${name} ${platform} ${url}`).toMatch(/ linux-(x64|arm64) https:\/\//);
      }
    }
  });

  it('accepts a go-files recipe', () => {
    const text = tool("{ kind: go-files, module: m, version: v1, sum: 'h1:x=', files: { a: b } }");
    expect(parseToolsLock(text)[0]?.recipe.kind).toBe('go-files');
  });

  it.each([
    ['a recipe without integrity', '{ kind: npm, package: p, version: 1, platforms: [], zip: z, files: {} }'],
    ['a module without a hash', '{ kind: go-files, module: m, version: v1, sum: none, files: {} }'],
    ['an unknown kind', '{ kind: curl }'],
    ['an unknown field', "{ kind: go-files, module: m, version: v1, sum: 'h1:x=', files: {}, extra: 1 }"],
  ])('refuses %s', (_, recipe) => {
    expect(() => parseToolsLock(tool(recipe))).toThrow(/^tools\.lock: tools\.t\.recipe/);
  });
});
