/** Narrow reads of foreign JSON: what is missing or of another type is undefined or empty. */
export type Fields = Readonly<Record<string, unknown>>;

export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function array(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function count(value: unknown, otherwise = 0): number {
  return typeof value === 'number' ? value : otherwise;
}

/** The condition of that type, or `{}`. */
export function condition(status: Fields, type: string): Fields {
  return array(status.conditions).find((item) => item.type === type) ?? {};
}
