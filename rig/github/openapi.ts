import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A schema as OpenAPI 3.0 writes it; only the keywords read here are named. */
export interface Schema {
  readonly [keyword: string]: unknown;
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
  /** The value may hold slashes: `heads/main`, `feature/x...feature/y`. */
  readonly 'x-multi-segment'?: boolean;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

interface RawOperation {
  readonly operationId: string;
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[];
  readonly requestBody?: Content & { readonly required?: boolean };
  readonly responses: Readonly<Record<string, Content | { readonly $ref: string }>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly parameters: Readonly<Record<string, Parameter>>;
    readonly responses: Readonly<Record<string, Content>>;
  };
}

export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly segments: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly body: Schema | undefined;
  readonly bodyRequired: boolean;
  /** Schema of the JSON answer with this status; undefined when the description has none. */
  response(status: number): Schema | undefined;
}

let loaded: Description | undefined;

/** GitHub's description, parsed once a process (about 0.1 s). */
function description(): Description {
  loaded ??= JSON.parse(
    readFileSync(
      createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json'),
      'utf8',
    ),
  ) as Description;
  return loaded;
}

/** A component schema by its name, e.g. `check-run`. Throws on a name the description does not have. */
export function componentSchema(name: string): Schema {
  const schema = description().components.schemas[name];
  if (schema === undefined) throw new Error(`GitHub's description has no schema ${name}`);
  return schema;
}

let operations: readonly Operation[] | undefined;

/** Every operation under a repository. */
export function repositoryOperations(): readonly Operation[] {
  operations ??= Object.entries(description().paths)
    .filter(([path]) => path.startsWith('/repos/{owner}/{repo}'))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, raw]) => toOperation(method.toUpperCase(), path, raw)),
    );
  return operations;
}

const nameOf = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);

function toOperation(method: string, path: string, raw: RawOperation): Operation {
  const { components } = description();
  const parameters = (raw.parameters ?? []).map((parameter) => {
    if (!('$ref' in parameter)) return parameter;
    const found = components.parameters[nameOf(parameter.$ref)];
    if (found === undefined) throw new Error(`no parameter ${parameter.$ref}`);
    return found;
  });
  return {
    id: raw.operationId,
    method,
    path,
    segments: path.split('/').slice(1),
    parameters,
    body: raw.requestBody?.content?.['application/json']?.schema,
    bodyRequired: raw.requestBody?.required ?? false,
    response(status) {
      const response = raw.responses[String(status)];
      const content =
        response !== undefined && '$ref' in response ? components.responses[nameOf(response.$ref)] : response;
      return content?.content?.['application/json']?.schema;
    },
  };
}
