/** A setting the process cannot start with. The message names the variable and what it takes. */
export class SettingError extends Error {
  name = 'SettingError';
}

/** Reads typed settings from an environment; an empty variable counts as absent. */
export function createSettings(env) {
  const raw = (name) => (env[name] === '' ? undefined : env[name]);

  return {
    text(name, fallback) {
      const value = raw(name) ?? fallback;
      if (value === undefined) throw new SettingError(`${name} is required`);
      return value;
    },
    /** A number in [min, max]; anything else refuses to start, so a typo in a values file never becomes 0. */
    number(name, fallback, { min = 0, max = Number.MAX_SAFE_INTEGER, integer = false } = {}) {
      const text = raw(name);
      if (text === undefined) return fallback;
      const value = Number(text);
      const fits = Number.isFinite(value) && value >= min && value <= max;
      if (!fits || (integer && !Number.isInteger(value)))
        throw new SettingError(
          `${name} must be ${integer ? 'an integer' : 'a number'} from ${min} to ${max}, not "${text}"`,
        );
      return value;
    },
  };
}
