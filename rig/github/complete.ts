import { componentSchema, type Schema } from './openapi.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

const epoch = '2026-01-01T00:00:00Z';

/**
 * An answer of the shape `name` of GitHub's description: what is given stays, every required field that is missing
 * gets a neutral value (null where allowed), at every depth.
 */
export function complete(name: string, given: JsonObject): JsonObject {
  return fill(componentSchema(name), given) as JsonObject;
}

function fill(schema: Schema, given: Json | undefined): Json {
  const resolved = resolve(schema, given);
  if (given === null) return null;
  if (given === undefined && resolved.nullable === true) return null;
  if (resolved.properties !== undefined || resolved.type === 'object') {
    if (given !== undefined && (typeof given !== 'object' || isList(given))) return given;
    return fillObject(resolved, given ?? {});
  }
  if (resolved.type === 'array') {
    const items = resolved.items;
    if (!isList(given) || items === undefined) return given ?? [];
    return given.map((item) => fill(items, item));
  }
  return given ?? neutral(resolved);
}

function fillObject(schema: Schema, given: JsonObject): JsonObject {
  const result: Record<string, Json> = {};
  for (const [name, value] of Object.entries(given)) {
    const property = schema.properties?.[name];
    result[name] = property === undefined ? value : fill(property, value);
  }
  for (const name of schema.required ?? []) {
    const property = schema.properties?.[name];
    if (!(name in result)) result[name] = property === undefined ? null : fill(property, undefined);
  }
  return result;
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** References and `allOf` folded into one schema; of alternatives the first that takes an object, or the first. */
function resolve(schema: Schema, given: Json | undefined): Schema {
  if (schema.$ref !== undefined) {
    const target = componentSchema(schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1));
    return resolve(schema.nullable === true ? { ...target, nullable: true } : target, given);
  }
  if (schema.allOf !== undefined) {
    const parts = schema.allOf.map((part) => resolve(part, given));
    return [schema, ...parts].reduce((all, part) => ({
      ...all,
      ...part,
      properties: { ...all.properties, ...part.properties },
      required: [...(all.required ?? []), ...(part.required ?? [])],
    }));
  }
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined && schema.properties === undefined) {
    const wanted =
      typeof given === 'object' && given !== null && !Array.isArray(given) ? 'object' : typeof given;
    const parts = alternatives.map((part) => resolve(part, given));
    const chosen = parts.find((part) => part.type === wanted) ?? parts[0] ?? {};
    return schema.nullable === true ? { ...chosen, nullable: true } : chosen;
  }
  return schema;
}

function neutral(schema: Schema): Json {
  const first = schema.enum?.[0];
  if (first !== undefined) return first as Json;
  if (schema.type === 'integer' || schema.type === 'number') return 0;
  if (schema.type === 'boolean') return false;
  if (schema.format === 'date-time') return epoch;
  return schema.format === 'uri' ? 'https://github.example.com/' : '';
}
