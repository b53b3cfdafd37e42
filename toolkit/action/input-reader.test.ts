import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UserError } from './errors.ts';
import { envInputReader } from './input-reader.ts';

function reader(inputs: Record<string, string>, masked: string[] = []): ReturnType<typeof envInputReader> {
  const env = Object.fromEntries(Object.entries(inputs).map(([k, v]) => [`INPUT_${k.toUpperCase()}`, v]));
  return envInputReader(env, (secret) => masked.push(secret));
}

describe('envInputReader', () => {
  it('reads names with hyphens, as the runner sets them', () => {
    expect(reader({ 'prometheus-url': ' http://x ' }).text('prometheus-url')).toBe('http://x');
  });

  it.each([
    ['true', true],
    ['True', true],
    ['false', false],
    ['', false],
  ])('reads boolean %j', (text, expected) => {
    expect(reader({ flag: text }).boolean('flag')).toBe(expected);
  });

  it.each(['yes', '1', 'on'])('refuses boolean %j', (text) => {
    expect(() => reader({ flag: text }).boolean('flag')).toThrow(UserError);
  });

  it.each(['', '  '])('refuses a required input given as %j', (text) => {
    expect(() => reader({ url: text }).required('url')).toThrow(/'url' is required/);
  });

  it.each(['1e999', 'NaN', '0x10', '2', '-0.1', '1_000', 'Infinity', '0..1'])(
    'refuses number %j in [0, 1]',
    (text) => {
      expect(() => reader({ alpha: text }).number('alpha', { min: 0, max: 1 })).toThrow(/'alpha'/);
    },
  );

  it('reads every finite number it printed itself', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const range = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE };
        expect(reader({ n: String(value) }).number('n', range)).toBe(Object.is(value, -0) ? 0 : value);
      }),
    );
  });

  it('names the choices it would have taken', () => {
    expect(() => reader({ mode: 'watchh' }).choice('mode', ['watch', 'replay'])).toThrow(/watch, replay/);
  });

  it('splits lists at commas and lines', () => {
    expect(reader({ weights: '5, 25\n50,\n' }).list('weights')).toEqual(['5', '25', '50']);
  });

  it('masks a secret whole and line by line, but not its blank lines', () => {
    const masked: string[] = [];
    expect(reader({ key: 'first line\n\nsecond line' }, masked).secret('key')).toContain('second');
    expect(masked).toEqual(['first line\n\nsecond line', 'first line', 'second line']);
  });

  it('refuses an input that nothing read, and names what there is', () => {
    const inputs = reader({ 'min-duration': '5m', 'min-duraton': '5m' });
    inputs.duration('min-duration');
    expect(() => {
      inputs.refuseUnknown();
    }).toThrow(/unknown input 'min-duraton'/);
  });
});
