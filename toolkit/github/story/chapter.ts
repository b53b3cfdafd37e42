import * as v from 'valibot';

/** Longest text of one chapter, in characters: a story of many environments still fits a comment. */
const noteLength = 500;

const line = (length: number) =>
  v.pipe(
    v.string(),
    v.transform((text) => Array.from(text.replaceAll(/\s+/g, ' ').trim()).slice(0, length).join('')),
  );

const about = {
  sha: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/)),
  /** When it was known: RFC 3339 in UTC with whole seconds, so that text order is time order. */
  at: v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)),
  runUrl: v.union([v.literal(''), v.pipe(v.string(), v.url(), v.startsWith('http'), v.maxLength(300))]),
  /** One sentence: why. */
  note: line(noteLength),
};

const environment = line(100);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const checks = {
  findings: v.object({
    ...about,
    subject: v.picklist(['lint', 'scan']),
    outcome: v.picklist(['pass', 'findings', 'tool-error', 'skipped']),
    newCount: count,
    totalCount: count,
  }),
  tests: v.object({
    ...about,
    subject: v.literal('tests'),
    outcome: v.picklist(['pass', 'fail', 'skipped']),
  }),
};

const deliveries = {
  approval: v.object({
    ...about,
    subject: v.literal('approval'),
    environment,
    outcome: v.picklist(['approved', 'rejected']),
    by: line(100),
  }),
  deploy: v.object({
    ...about,
    subject: v.literal('deploy'),
    environment,
    outcome: v.picklist(['verified', 'deployed', 'failed', 'skipped']),
    /** Address of the environment; empty when unknown. */
    url: about.runUrl,
  }),
  gate: v.object({
    ...about,
    subject: v.literal('gate'),
    environment,
    outcome: v.picklist(['pass', 'fail', 'inconclusive']),
  }),
  rollback: v.object({
    ...about,
    subject: v.literal('rollback'),
    environment,
    outcome: v.picklist(['rolled-back', 'partial', 'failed']),
  }),
};

/** What one job of the pipeline found out about one commit. */
export const chapterSchema = v.variant('subject', [
  checks.findings,
  checks.tests,
  deliveries.approval,
  deliveries.deploy,
  deliveries.gate,
  deliveries.rollback,
]);

export type Chapter = v.InferOutput<typeof chapterSchema>;
export type Subject = Chapter['subject'];

/** The order of the pipeline, which is the order of the table. */
export const subjects: readonly Subject[] = [
  'lint',
  'scan',
  'tests',
  'approval',
  'deploy',
  'gate',
  'rollback',
];

/** '' for a check, which is about the commit and not about a place. */
export function environmentOf(chapter: Chapter): string {
  return 'environment' in chapter ? chapter.environment : '';
}
