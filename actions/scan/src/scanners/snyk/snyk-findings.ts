import { above } from '../../../../../toolkit/files/repository-path.ts';
import {
  levelOfSeverity,
  type Finding,
  type Location,
  type Severity,
} from '../../../../../toolkit/findings/finding.ts';
import { snykPurl } from './snyk-purl.ts';
import type { SnykCode, SnykDependencies, SnykInfrastructure, SnykVulnerability } from './snyk-report.ts';

/** What holds the packages, and the place that is shown for all of them. */
export interface Holder {
  readonly role: string;
  readonly place: Location;
}

/** One finding per vulnerability and path through the dependencies, as Snyk writes them; they are merged later. */
export function dependencyFindings(tool: string, report: SnykDependencies, holder: Holder): Finding[] {
  return report.vulnerabilities.map((item) => {
    const severity = toSeverity(item.severity);
    const name = item.packageName ?? item.moduleName ?? '';
    const fixedIn = item.nearestFixedInVersion ?? item.fixedIn?.[0] ?? undefined;
    const common = {
      tool,
      rule: item.id,
      level: levelOfSeverity(severity),
      severity,
      location: holder.place,
      helpUri: `https://security.snyk.io/vuln/${encodeURIComponent(item.id)}`,
    };
    if (item.type === 'license') {
      return {
        ...common,
        message: `${name} ${item.version}: ${item.title}`,
        excerpt: [`${name} ${item.id}`],
      };
    }
    const fix = fixedIn === undefined || fixedIn === '' ? 'no fix yet' : `fixed in ${fixedIn}`;
    return {
      ...common,
      message: `${name} ${item.version}: ${item.title} (${fix})`,
      vulnerability: {
        id: item.id,
        aliases: aliasesOf(item),
        purl: snykPurl(item.packageManager === '' ? report.packageManager : item.packageManager, name),
        installed: item.version,
        fixedIn: fixedIn === '' ? undefined : fixedIn,
        role: holder.role,
        cvss: item.cvssScore ?? undefined,
      },
    };
  });
}

export function infrastructureFindings(tool: string, report: SnykInfrastructure, path: string): Finding[] {
  return report.infrastructureAsCodeIssues.map((item) => {
    const severity = toSeverity(item.severity);
    return {
      tool,
      rule: item.id,
      message: item.title,
      level: levelOfSeverity(severity),
      severity,
      location: { path: above(report.targetFile, path), startLine: Math.max(1, item.lineNumber ?? 1) },
      helpUri: item.documentation ?? undefined,
      // The place inside the document says more than a line, which moves.
      excerpt: [(item.path ?? []).join('.'), item.title],
    };
  });
}

export function codeFindings(tool: string, report: SnykCode, path: string): Finding[] {
  return report.runs.flatMap((run) =>
    (run.results ?? []).flatMap((item): Finding[] => {
      const [place] = item.locations;
      if (place === undefined) return [];
      const severity = { error: 'high', warning: 'medium', note: 'low' }[item.level] ?? 'unknown';
      const { artifactLocation, region } = place.physicalLocation;
      return [
        {
          tool,
          rule: item.ruleId,
          message: item.message.text,
          level: levelOfSeverity(severity as Severity),
          severity: severity as Severity,
          location: { path: above(decodeURIComponent(artifactLocation.uri), path), ...region },
        },
      ];
    }),
  );
}

/** Ids that mean the same vulnerability; weakness classes (CWE) do not. */
function aliasesOf(item: SnykVulnerability): string[] {
  const { CVE: cve, GHSA: ghsa, ALTERNATIVE: alternative } = item.identifiers ?? {};
  return [...(cve ?? []), ...(ghsa ?? []), ...(alternative ?? []), ...(item.alternativeIds ?? [])];
}

function toSeverity(text: string): Severity {
  const lower = text.toLowerCase();
  return lower === 'critical' || lower === 'high' || lower === 'medium' || lower === 'low'
    ? lower
    : 'unknown';
}
