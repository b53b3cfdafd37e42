import { describe, expect, it } from '@jest/globals';
import { envInputReader } from '../../../toolkit/action/input-reader.ts';
import { readInputs, type Inputs } from './inputs.ts';

const read = (given: Record<string, string>): Inputs => {
  const all = { mode: 'helm', namespace: 'shop', ...given };
  const env = Object.fromEntries(
    Object.entries(all).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  );
  return readInputs(envInputReader(env, () => undefined));
};

describe('readInputs', () => {
  it('reads lists, durations and the three states of dry-run', () => {
    const inputs = read({ 'allow-stateful': 'mongodb, redis', timeout: '90s', 'dry-run': 'false' });
    expect([...inputs.allowStateful]).toEqual(['mongodb', 'redis']);
    expect(inputs).toMatchObject({ timeoutMs: 90_000, dryRun: false, revision: undefined });
    expect(read({}).dryRun).toBeUndefined();
  });

  it.each([
    [{ namespace: '' }, /give 'environments'/],
    [{ revision: '0', release: 'api' }, /'revision' is '0'/],
    [{ revision: '-1', release: 'api' }, /'revision' is '-1'/],
    [{ revision: '2' }, /name exactly one in 'release'/],
    [{ revision: '2', release: 'a,b' }, /name exactly one in 'release'/],
    [{ mode: 'undo' }, /'mode'/],
    [{ migrations: 'yes' }, /'migrations' is 'yes'/],
    [{ 'dry-run': 'perhaps' }, /'dry-run' is 'perhaps'/],
    [{ timeout: '0s' }, /'timeout' must be longer/],
    [{ relase: 'api' }, /unknown input 'relase'/],
  ])('refuses %j', (given, problem) => {
    expect(() => read(given)).toThrow(problem);
  });
});
