import { compareFindings, type Finding, type Location } from '../findings/finding.ts';
import type { Judged } from '../findings/judged.ts';
import type { Ran } from '../findings/tool-result.ts';
import type { SarifLog, SarifResult, SarifRule } from './sarif-types.ts';

/** Code scanning keeps this many results of a run and drops the rest without a word; here the cut is announced. */
const maxResults = 5_000;
const maxMessage = 4_000;

/** One SARIF log with one run: one tool on one target, `results: []` when clean. Cut to the worst, new ones first. */
export function toSarif(ran: Ran, findings: readonly Judged[], options: SarifOptions): SarifLog {
  const kept = [...findings].sort(newAndWorstFirst).slice(0, maxResults);
  const rules = rulesOf(ran, kept);
  const indexOf = new Map(rules.map((rule, index) => [rule.id, index]));
  const cut = findings.length - kept.length;
  const notes = [
    ...(ran.notes ?? []),
    ...(cut > 0
      ? [`${cut} of ${findings.length} results are left out: new and worst ones first, ${maxResults} kept.`]
      : []),
  ];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: ran.tool,
            ...(ran.version === '' ? {} : { version: ran.version }),
            ...(options.informationUri === undefined ? {} : { informationUri: options.informationUri }),
            rules,
          },
        },
        automationDetails: { id: `${options.category}/` },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
        invocations: [
          {
            executionSuccessful: true,
            ...(notes.length === 0
              ? {}
              : {
                  toolExecutionNotifications: notes.map((text) => ({
                    level: 'note' as const,
                    message: { text },
                  })),
                }),
          },
        ],
        results: kept.map((item) => toResult(item, indexOf.get(item.finding.rule) ?? 0, options.compared)),
      },
    ],
  };
}

export interface SarifOptions {
  readonly category: string;
  /** Whether there was a baseline: without one `baselineState` would claim too much. */
  readonly compared: boolean;
  readonly informationUri?: string | undefined;
}

/** A relative URI reference: every character a path may hold and a URI may not is percent-encoded. */
export function pathToUri(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function toResult(item: Judged, ruleIndex: number, compared: boolean): SarifResult {
  const { finding } = item;
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: finding.level,
    message: { text: cutText(finding.message) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: pathToUri(finding.location.path), uriBaseId: '%SRCROOT%' },
          region: regionOf(finding.location),
        },
      },
    ],
    partialFingerprints: item.partial,
    ...(compared ? { baselineState: item.state } : {}),
    ...(item.waiver === undefined
      ? {}
      : {
          suppressions: [
            { kind: 'external' as const, status: 'accepted' as const, justification: item.waiver.reason },
          ],
        }),
    ...propertiesOf(finding),
  };
}

function regionOf(location: Location): SarifResult['locations'][0]['physicalLocation']['region'] {
  const { startLine, startColumn, endLine, endColumn } = location;
  return {
    startLine: Math.max(1, startLine),
    ...(startColumn === undefined ? {} : { startColumn: Math.max(1, startColumn) }),
    ...(endLine === undefined || endLine < startLine ? {} : { endLine }),
    ...(endColumn === undefined || endColumn < 1 ? {} : { endColumn }),
  };
}

function propertiesOf(finding: Finding): { properties?: Record<string, unknown> } {
  const properties = {
    ...(finding.severity === undefined ? {} : { severity: finding.severity }),
    ...(finding.vulnerability === undefined ? {} : { vulnerability: finding.vulnerability }),
    ...(finding.sources === undefined ? {} : { sources: finding.sources }),
  };
  return Object.keys(properties).length === 0 ? {} : { properties };
}

function rulesOf(ran: Ran, findings: readonly Judged[]): SarifRule[] {
  const known = new Map((ran.rules ?? []).map((rule) => [rule.id, rule]));
  const rules = new Map<string, SarifRule>();
  for (const { finding } of findings) {
    if (rules.has(finding.rule)) continue;
    const info = known.get(finding.rule);
    const helpUri = info?.helpUri ?? finding.helpUri;
    rules.set(finding.rule, {
      id: finding.rule,
      ...(info?.description === undefined ? {} : { shortDescription: { text: cutText(info.description) } }),
      ...(helpUri !== undefined && URL.canParse(helpUri) ? { helpUri } : {}),
      ...securitySeverity(finding),
    });
  }
  return [...rules.values()];
}

/** Code scanning shows security results by this number (CVSS scale, as text). */
function securitySeverity(finding: Finding): { properties?: Record<string, unknown> } {
  if (finding.severity === undefined) return {};
  const byGrade = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0', unknown: '5.5' };
  const score = finding.vulnerability?.cvss;
  return {
    properties: {
      tags: ['security'],
      'security-severity': score === undefined ? byGrade[finding.severity] : score.toFixed(1),
    },
  };
}

function newAndWorstFirst(a: Judged, b: Judged): number {
  return rank(a) - rank(b) || compareFindings(a.finding, b.finding);
}

function rank(item: Judged): number {
  if (item.waiver !== undefined) return 2;
  return item.state === 'new' ? 0 : 1;
}

function cutText(text: string): string {
  return text.length <= maxMessage ? text : `${text.slice(0, maxMessage)} …`;
}
