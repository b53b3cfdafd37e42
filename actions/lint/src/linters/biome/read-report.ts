import * as v from 'valibot';
import type { Finding, Level } from '../../../../../toolkit/findings/finding.ts';
import { bytePlace } from '../byte-place.ts';

const position = v.object({ line: v.number(), column: v.number() });
const recent = v.object({
  path: v.nullish(v.string()),
  start: v.nullish(position),
  end: v.nullish(position),
});
/** Until 2.3: a span in bytes of the source that comes with it. */
const early = v.object({
  path: v.nullish(v.object({ file: v.string() })),
  span: v.nullish(v.tuple([v.number(), v.number()])),
  sourceCode: v.nullish(v.string()),
});
const report = v.object({
  diagnostics: v.array(
    v.object({
      category: v.nullish(v.string()),
      severity: v.string(),
      description: v.optional(v.string()),
      message: v.unknown(),
      location: v.nullish(v.union([recent, early])),
    }),
  ),
});

export interface Diagnostic {
  readonly category: string;
  readonly message: string;
  readonly level: Level;
  /** As Biome names it, below its working folder; '' when it is about no file. */
  readonly path: string;
  readonly location: Omit<Finding['location'], 'path'>;
}

/** Reads what `--reporter=json` prints; undefined when it is no report. */
export function readBiomeReport(text: string): Diagnostic[] | undefined {
  const parsed = v.safeParse(report, parseJson(text));
  if (!parsed.success) return undefined;
  return parsed.output.diagnostics.map((item) => ({
    category: item.category ?? 'biome',
    message: typeof item.message === 'string' ? item.message : (item.description ?? ''),
    level: levelOf(item.severity),
    path: pathOf(item.location),
    location: locationOf(item.location),
  }));
}

type Place = v.InferOutput<typeof report>['diagnostics'][0]['location'];

function pathOf(place: Place): string {
  const path = typeof place?.path === 'string' ? place.path : (place?.path?.file ?? '');
  return path.replace(/^\.\//, '');
}

function locationOf(place: Place): Diagnostic['location'] {
  if (place == null) return { startLine: 1 };
  const [start, end] =
    'span' in place || 'sourceCode' in place
      ? (place.span ?? []).map((offset) => bytePlace(place.sourceCode ?? '', offset))
      : 'start' in place
        ? [place.start, place.end]
        : [];
  if (start == null || start.line < 1) return { startLine: 1 };
  const from = { startLine: start.line, startColumn: Math.max(1, start.column) };
  if (end == null || end.line < start.line) return from;
  return { ...from, endLine: end.line, endColumn: Math.max(1, end.column) };
}

function levelOf(severity: string): Level {
  if (severity === 'error' || severity === 'fatal') return 'error';
  return severity === 'warning' ? 'warning' : 'note';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
