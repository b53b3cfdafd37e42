import { relative, sep } from 'node:path';
import * as v from 'valibot';
import type { Finding } from '../../../../../toolkit/findings/finding.ts';
import type { RuleInfo, ToolResult } from '../../../../../toolkit/findings/tool-result.ts';

const message = v.object({
  ruleId: v.nullish(v.string()),
  severity: v.number(),
  message: v.string(),
  line: v.optional(v.number()),
  column: v.optional(v.number()),
  endLine: v.nullish(v.number()),
  endColumn: v.nullish(v.number()),
  fatal: v.optional(v.boolean()),
  fix: v.optional(v.object({ range: v.tuple([v.number(), v.number()]), text: v.string() })),
});
const report = v.object({
  results: v.array(v.object({ filePath: v.string(), messages: v.array(message) })),
  metadata: v.optional(
    v.object({
      rulesMeta: v.optional(
        v.record(
          v.string(),
          v.looseObject({
            docs: v.optional(
              v.looseObject({ description: v.optional(v.string()), url: v.optional(v.string()) }),
            ),
          }),
        ),
      ),
    }),
  ),
});

interface Context {
  readonly tool: string;
  readonly target: string;
  readonly version: string;
  readonly root: string;
  /** Files to keep; undefined keeps all. */
  readonly wanted: ReadonlySet<string> | undefined;
}

/** Reads `json-with-metadata` reports of one group. A report that is not one is a tool error, never "clean". */
export function readEslintReports(texts: readonly string[], context: Context): ToolResult {
  const { tool, target, version, root, wanted } = context;
  const findings: Finding[] = [];
  const rules = new Map<string, RuleInfo>();
  for (const text of texts) {
    const parsed = v.safeParse(report, parseJson(text));
    if (!parsed.success) {
      return {
        tool,
        target,
        status: 'tool-error',
        message: 'wrote a report that cannot be read',
        detail: text.slice(0, 500),
      };
    }
    for (const [id, meta] of Object.entries(parsed.output.metadata?.rulesMeta ?? {})) {
      rules.set(id, { id, description: meta.docs?.description, helpUri: meta.docs?.url });
    }
    for (const file of parsed.output.results) {
      const path = relative(root, file.filePath).split(sep).join('/');
      if (wanted !== undefined && !wanted.has(path)) continue;
      for (const item of file.messages) findings.push(toFinding(tool, path, item, rules));
    }
  }
  return { tool, target, status: 'ran', version, findings, rules: [...rules.values()] };
}

function toFinding(
  tool: string,
  path: string,
  item: v.InferOutput<typeof message>,
  rules: ReadonlyMap<string, RuleInfo>,
): Finding {
  const rule = item.ruleId ?? (item.fatal === true ? 'parse-error' : 'eslint');
  return {
    tool,
    rule,
    message: item.message,
    level: item.severity >= 2 ? 'error' : 'warning',
    location: {
      path,
      startLine: Math.max(1, item.line ?? 1),
      ...(item.column === undefined || item.column < 1 ? {} : { startColumn: item.column }),
      ...(item.endLine == null ? {} : { endLine: item.endLine }),
      ...(item.endColumn == null ? {} : { endColumn: item.endColumn }),
    },
    helpUri: rules.get(rule)?.helpUri,
    ...(item.fix === undefined
      ? {}
      : { fix: [{ from: item.fix.range[0], to: item.fix.range[1], text: item.fix.text }] }),
  };
}

/** First number of a version. */
export function major(version: string): number {
  return Number.parseInt(version, 10);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
