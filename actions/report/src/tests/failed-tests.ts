import { perLevel, type Annotation } from '../../../../toolkit/findings/annotations.ts';
import type { TestCase } from './junit.ts';
import { placeOf, type Ground, type Place } from './place.ts';

export interface FailedTest {
  readonly name: string;
  readonly message: string;
  readonly details: string;
  readonly place: Place | undefined;
}

export function failedTests(cases: readonly TestCase[], ground: Ground): FailedTest[] {
  return cases.flatMap(({ name, outcome }) => {
    if (outcome.kind !== 'failed') return [];
    const { message, details } = outcome;
    return [{ name, message, details, place: placeOf(outcome, ground) }];
  });
}

/** As many as the runner shows of one step; those whose line is known first. */
export function testAnnotations(failed: readonly FailedTest[]): Annotation[] {
  const inOrder = [...failed].sort((a, b) => Number(a.place === undefined) - Number(b.place === undefined));
  return inOrder.slice(0, perLevel).map(({ name, message, place }) => ({
    level: 'error',
    title: name.slice(0, 200),
    message: (message || 'the test failed').slice(0, 4_000),
    path: place?.path ?? '',
    startLine: place?.line ?? 1,
    endLine: place?.line ?? 1,
  }));
}
