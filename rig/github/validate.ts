import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { componentId, toJsonSchema } from './json-schema.ts';
import { componentSchema, type Operation, type Parameter, type Schema } from './openapi.ts';

export interface ReceivedRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown;
}

const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
addFormats.default(ajv);
const known = new Set<string>();
const compiled = new WeakMap<Schema, ValidateFunction>();

/** Compiles a schema with the components it reaches, once: a process pays only for the operations it uses. */
function compile(schema: Schema): ValidateFunction {
  const found = compiled.get(schema);
  if (found !== undefined) return found;
  const add = (name: string): void => {
    if (known.has(name)) return;
    known.add(name);
    ajv.addSchema(toJsonSchema(componentSchema(name), add), componentId(name));
  };
  const validate = ajv.compile(toJsonSchema(schema, add));
  compiled.set(schema, validate);
  return validate;
}

/** What is wrong with a value, in words; empty when it fits. */
export function problemsOf(schema: Schema, value: unknown, where: string): string[] {
  const validate = compile(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${where}${describe(error)}`);
}

function describe(error: ErrorObject): string {
  const extra = 'allowedValues' in error.params ? ` ${JSON.stringify(error.params.allowedValues)}` : '';
  return `${error.instancePath} ${error.message ?? 'is wrong'}${extra}`;
}

/** What GitHub's description says against a request: path, query and body, and names it does not know. */
export function requestProblems(operation: Operation, request: ReceivedRequest): string[] {
  const problems: string[] = [];
  for (const parameter of operation.parameters) {
    const text = parameter.in === 'path' ? request.params[parameter.name] : request.query.get(parameter.name);
    if (parameter.in === 'header') continue;
    if (text === null || text === undefined) {
      if (parameter.required === true)
        problems.push(`${parameter.in} parameter ${parameter.name} is missing`);
    } else
      problems.push(
        ...problemsOf(parameter.schema, fromText(parameter, text), `${parameter.in} ${parameter.name}`),
      );
  }
  for (const name of new Set(request.query.keys())) {
    if (!operation.parameters.some((parameter) => parameter.in === 'query' && parameter.name === name)) {
      problems.push(`query parameter ${name} is not known`);
    }
  }
  return [...problems, ...bodyProblems(operation, request.body)];
}

function bodyProblems({ body: schema, bodyRequired }: Operation, body: unknown): string[] {
  if (body === undefined) return bodyRequired ? ['the body is missing'] : [];
  if (schema === undefined) return ['a body is not expected'];
  const unknown = Object.keys(body as object)
    .filter((name) => schema.properties !== undefined && !(name in schema.properties))
    .map((name) => `body/${name} is not known`);
  return [...problemsOf(schema, body, 'body'), ...unknown];
}

function fromText({ schema }: Parameter, text: string): unknown {
  const type = schema.$ref === undefined ? schema.type : undefined;
  if (type === 'integer' || type === 'number') return text.trim() === '' ? text : Number(text);
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}
