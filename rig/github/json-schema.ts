import type { Schema } from './openapi.ts';

const schemaMaps = ['properties', 'patternProperties'];
const schemaLists = ['allOf', 'anyOf', 'oneOf'];
const single = ['items', 'not', 'additionalProperties'];
/** Keywords that only describe. */
const dropped = [
  'nullable',
  'example',
  'examples',
  'description',
  'title',
  'deprecated',
  'externalDocs',
  'default',
];

/**
 * OpenAPI 3.0 → JSON Schema: `nullable` becomes the type `null`, references to components become ids.
 * `onReference` is called with the name of every component that is referred to.
 */
export function toJsonSchema(schema: Schema, onReference: (name: string) => void): Record<string, unknown> {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
    onReference(name);
    return { $ref: componentId(name) };
  }
  const result: Record<string, unknown> = {};
  const convert = (value: unknown): unknown =>
    typeof value === 'object' && value !== null ? toJsonSchema(value as Schema, onReference) : value;
  for (const [keyword, value] of Object.entries(schema)) {
    if (dropped.includes(keyword) || keyword.startsWith('x-')) continue;
    // An address that is empty by default is no URI then: the description contradicts itself there.
    if (keyword === 'format' && schema.default === '') continue;
    if (schemaMaps.includes(keyword)) {
      result[keyword] = Object.fromEntries(
        Object.entries(value as object).map(([name, child]) => [name, convert(child)]),
      );
    } else if (schemaLists.includes(keyword)) result[keyword] = (value as Schema[]).map(convert);
    else if (single.includes(keyword)) result[keyword] = convert(value);
    else result[keyword] = value;
  }
  return schema.nullable === true ? { anyOf: [result, { type: 'null' }] } : result;
}

/** The id a component's schema is compiled under. */
export function componentId(name: string): string {
  return `github:${name}`;
}
