import { expect, it } from '@jest/globals';
import { parseNeeds } from './needs.ts';

it('reads the needs context', () => {
  const text =
    '{"lint": {"result": "success", "outputs": {"verdict": "pass"}}, "late": {"result": "skipped"}, "null": {"result": "skipped", "outputs": null}}';
  expect(parseNeeds(text)).toEqual({
    lint: { result: 'success', outputs: { verdict: 'pass' } },
    late: { result: 'skipped', outputs: {} },
    null: { result: 'skipped', outputs: {} },
  });
});

it.each(['lint', '[1]', '{"lint": "success"}', '{"lint": {"result": "fine"}}'])('refuses %j', (text) => {
  expect(() => parseNeeds(text)).toThrow("input 'needs'");
});
