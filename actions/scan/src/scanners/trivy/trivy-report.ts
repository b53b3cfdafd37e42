import * as v from 'valibot';
import type { Severity } from '../../../../../toolkit/findings/finding.ts';

const code = v.nullish(
  v.object({
    Lines: v.nullish(
      v.array(
        v.object({
          Number: v.number(),
          Content: v.string(),
          IsCause: v.optional(v.boolean()),
          FirstCause: v.optional(v.boolean()),
        }),
      ),
    ),
  }),
);

const misconfiguration = v.object({
  ID: v.string(),
  Title: v.optional(v.string(), ''),
  Message: v.optional(v.string(), ''),
  Resolution: v.optional(v.string(), ''),
  Severity: v.string(),
  PrimaryURL: v.optional(v.string()),
  Status: v.string(),
  CauseMetadata: v.optional(
    v.object({
      StartLine: v.optional(v.number()),
      EndLine: v.optional(v.number()),
      Code: code,
    }),
    {},
  ),
});

const secret = v.object({
  RuleID: v.string(),
  Category: v.optional(v.string(), ''),
  Severity: v.string(),
  Title: v.string(),
  StartLine: v.number(),
  EndLine: v.optional(v.number()),
  Match: v.optional(v.string(), ''),
});

const vulnerability = v.object({
  VulnerabilityID: v.string(),
  VendorIDs: v.nullish(v.array(v.string())),
  PkgID: v.optional(v.string()),
  PkgName: v.string(),
  PkgPath: v.optional(v.string()),
  PkgIdentifier: v.optional(v.object({ PURL: v.optional(v.string()) })),
  InstalledVersion: v.optional(v.string(), ''),
  FixedVersion: v.optional(v.string(), ''),
  Severity: v.optional(v.string(), 'UNKNOWN'),
  SeveritySource: v.optional(v.string()),
  Title: v.optional(v.string(), ''),
  PrimaryURL: v.optional(v.string()),
  References: v.nullish(v.array(v.string())),
  CVSS: v.nullish(v.record(v.string(), v.looseObject({ V3Score: v.optional(v.number()) }))),
});

const license = v.object({
  Severity: v.string(),
  Category: v.string(),
  PkgName: v.optional(v.string(), ''),
  FilePath: v.optional(v.string(), ''),
  Name: v.string(),
});

const packageOf = v.object({
  ID: v.optional(v.string()),
  // Of a lockfile that is all on one line Trivy knows no lines.
  Locations: v.nullish(
    v.array(v.object({ StartLine: v.optional(v.number(), 1), EndLine: v.optional(v.number(), 1) })),
  ),
});

const result = v.object({
  Target: v.string(),
  Class: v.optional(v.string(), ''),
  Type: v.optional(v.string(), ''),
  Packages: v.nullish(v.array(packageOf)),
  Misconfigurations: v.nullish(v.array(misconfiguration)),
  Secrets: v.nullish(v.array(secret)),
  Vulnerabilities: v.nullish(v.array(vulnerability)),
  Licenses: v.nullish(v.array(license)),
});

const report = v.object({
  SchemaVersion: v.literal(2),
  ArtifactName: v.string(),
  Results: v.nullish(v.array(result)),
});

export type TrivyReport = v.InferOutput<typeof report>;
export type TrivyResult = v.InferOutput<typeof result>;
export type TrivyMisconfiguration = v.InferOutput<typeof misconfiguration>;
export type TrivySecret = v.InferOutput<typeof secret>;
export type TrivyVulnerability = v.InferOutput<typeof vulnerability>;
export type TrivyLicense = v.InferOutput<typeof license>;

/** Parses Trivy's JSON (schema 2); undefined when it is not that: a broken report is not an empty one. */
export function parseTrivyReport(text: string): TrivyReport | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = v.safeParse(report, json);
  return parsed.success ? parsed.output : undefined;
}

/** What failed of what was checked. */
export function failures({ Misconfigurations: items }: TrivyResult): TrivyMisconfiguration[] {
  return (items ?? []).filter((item) => item.Status === 'FAIL');
}

/** Trivy's severity in this project's words. */
export function toSeverity(text: string): Severity {
  switch (text.toUpperCase()) {
    case 'CRITICAL':
      return 'critical';
    case 'HIGH':
      return 'high';
    case 'MEDIUM':
      return 'medium';
    case 'LOW':
      return 'low';
    default:
      return 'unknown';
  }
}
