import { UserError } from './errors.ts';
import { parseDuration } from './duration.ts';

/** Reads an action's inputs into types. Every refusal is an `E_CONFIG` UserError that names the input. */
export interface InputReader {
  /** The trimmed text, or '' when not given. */
  text(name: string): string;
  /** The trimmed text; refused when empty. */
  required(name: string): string;
  boolean(name: string): boolean;
  /** One of `choices`; refused otherwise. */
  choice<const T extends string>(name: string, choices: readonly T[]): T;
  /** A finite number within [min, max]; undefined when not given. */
  number(name: string, range: { min: number; max: number }): number | undefined;
  /** Milliseconds, from `90s`, `5m`, `1h30m` or plain seconds; undefined when not given. */
  duration(name: string): number | undefined;
  /** Items separated by commas or new lines, trimmed, empty ones dropped. */
  list(name: string): string[];
  /** Like `text`, and masked in every later log line. */
  secret(name: string): string;
  /** Refuses inputs that were given but never read: a typo would otherwise be silently ignored. */
  refuseUnknown(): void;
}

/** Reads `INPUT_<NAME>` variables as the runner sets them: upper case, spaces as `_`, hyphens kept. */
export function envInputReader(
  env: Readonly<Record<string, string | undefined>>,
  mask: (secret: string) => void,
): InputReader {
  const known = new Set<string>();

  const text = (name: string): string => {
    const key = `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
    known.add(key);
    return (env[key] ?? '').trim();
  };

  const required = (name: string): string => {
    const value = text(name);
    if (value === '') throw refused(name, 'is required and was not given');
    return value;
  };

  return {
    text,
    required,
    boolean(name) {
      const value = text(name).toLowerCase();
      if (value === 'true') return true;
      if (value === 'false' || value === '') return false;
      throw refused(name, `is '${value}', expected true or false`);
    },
    choice(name, choices) {
      const value = text(name);
      const found = choices.find((choice) => choice === value);
      if (found === undefined) throw refused(name, `is '${value}', expected one of ${choices.join(', ')}`);
      return found;
    },
    number(name, { min, max }) {
      const value = text(name);
      if (value === '') return undefined;
      const parsed = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) ? Number(value) : NaN;
      if (!(parsed >= min && parsed <= max)) {
        throw refused(name, `is '${value}', expected a number from ${min} to ${max}`);
      }
      return parsed;
    },
    duration(name) {
      const value = text(name);
      if (value === '') return undefined;
      const parsed = parseDuration(value);
      if (parsed === undefined)
        throw refused(name, `is '${value}', expected a duration such as 90s, 5m or 1h30m`);
      return parsed;
    },
    list(name) {
      return text(name)
        .split(/[,\n]/)
        .map((item) => item.trim())
        .filter((item) => item !== '');
    },
    secret(name) {
      const value = text(name);
      // The runner masks whole lines only: each line of a multi-line secret is masked by itself.
      for (const line of [value, ...value.split(/\r?\n/)]) if (line.trim().length >= 3) mask(line.trim());
      return value;
    },
    refuseUnknown() {
      for (const [key, value] of Object.entries(env)) {
        if (key.startsWith('INPUT_') && value !== undefined && value !== '' && !known.has(key)) {
          const name = key.slice('INPUT_'.length).toLowerCase();
          throw new UserError(
            'E_CONFIG',
            `unknown input '${name}'`,
            `remove it, or use one of: ${[...known].map((k) => k.slice('INPUT_'.length).toLowerCase()).join(', ')}`,
          );
        }
      }
    },
  };
}

function refused(name: string, problem: string): UserError {
  return new UserError(
    'E_CONFIG',
    `input '${name}' ${problem}`,
    `correct '${name}' under 'with:' of the step`,
  );
}
