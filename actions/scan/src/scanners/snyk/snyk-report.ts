import * as v from 'valibot';

const identifiers = v.nullish(v.record(v.string(), v.nullish(v.array(v.string()))));

const vulnerability = v.object({
  id: v.string(),
  title: v.optional(v.string(), ''),
  severity: v.string(),
  type: v.optional(v.string()),
  packageName: v.optional(v.string()),
  moduleName: v.optional(v.string()),
  packageManager: v.optional(v.string(), ''),
  version: v.optional(v.string(), ''),
  cvssScore: v.nullish(v.number()),
  identifiers,
  alternativeIds: v.nullish(v.array(v.string())),
  nearestFixedInVersion: v.nullish(v.string()),
  fixedIn: v.nullish(v.array(v.string())),
});

const dependencies = v.object({
  vulnerabilities: v.array(vulnerability),
  packageManager: v.optional(v.string(), ''),
  displayTargetFile: v.optional(v.string()),
  targetFile: v.optional(v.string()),
  path: v.optional(v.string(), ''),
});

const infrastructure = v.object({
  infrastructureAsCodeIssues: v.array(
    v.object({
      id: v.string(),
      title: v.string(),
      severity: v.string(),
      lineNumber: v.nullish(v.number()),
      path: v.nullish(v.array(v.union([v.string(), v.number()]))),
      documentation: v.nullish(v.string()),
    }),
  ),
  targetFile: v.string(),
});

const sarif = v.object({
  runs: v.array(
    v.object({
      tool: v.object({
        driver: v.object({
          rules: v.optional(
            v.array(
              v.object({ id: v.string(), shortDescription: v.optional(v.object({ text: v.string() })) }),
            ),
            [],
          ),
        }),
      }),
      results: v.nullish(
        v.array(
          v.object({
            ruleId: v.string(),
            level: v.optional(v.string(), 'warning'),
            message: v.object({ text: v.string() }),
            locations: v.array(
              v.object({
                physicalLocation: v.object({
                  artifactLocation: v.object({ uri: v.string() }),
                  region: v.object({
                    startLine: v.number(),
                    endLine: v.optional(v.number()),
                    startColumn: v.optional(v.number()),
                    endColumn: v.optional(v.number()),
                  }),
                }),
              }),
            ),
          }),
        ),
      ),
    }),
  ),
});

const failure = v.object({
  ok: v.literal(false),
  error: v.string(),
  path: v.optional(v.string(), ''),
});

export type SnykDependencies = v.InferOutput<typeof dependencies>;
export type SnykVulnerability = v.InferOutput<typeof vulnerability>;
export type SnykInfrastructure = v.InferOutput<typeof infrastructure>;
export type SnykCode = v.InferOutput<typeof sarif>;

/** One thing that Snyk says of one project: in an array of several they can be mixed. */
export type SnykItem =
  | { readonly kind: 'dependencies'; readonly report: SnykDependencies }
  | { readonly kind: 'infrastructure'; readonly report: SnykInfrastructure }
  | { readonly kind: 'code'; readonly report: SnykCode }
  | { readonly kind: 'failure'; readonly error: string; readonly path: string };

/** Reads Snyk's JSON: one object or an array; undefined when any part of it is nothing known. */
export function parseSnykReport(text: string): SnykItem[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const items = (Array.isArray(json) ? (json as readonly unknown[]) : [json]).map(readItem);
  return items.every((item) => item !== undefined) ? items : undefined;
}

function readItem(item: unknown): SnykItem | undefined {
  // First, as reports of infrastructure have an empty list of vulnerabilities beside their own.
  const asInfrastructure = v.safeParse(infrastructure, item);
  if (asInfrastructure.success) return { kind: 'infrastructure', report: asInfrastructure.output };
  const asDependencies = v.safeParse(dependencies, item);
  if (asDependencies.success) return { kind: 'dependencies', report: asDependencies.output };
  const asCode = v.safeParse(sarif, item);
  if (asCode.success) return { kind: 'code', report: asCode.output };
  const asFailure = v.safeParse(failure, item);
  return asFailure.success ? { kind: 'failure', ...asFailure.output } : undefined;
}
