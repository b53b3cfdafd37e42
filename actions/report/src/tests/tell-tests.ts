import { join, resolve } from 'node:path';
import type { ActionPorts, Conclusion } from '../../../../toolkit/action/run-action.ts';
import type { AnnotationPort } from '../../../../toolkit/findings/annotations.ts';
import { failedTests, testAnnotations } from './failed-tests.ts';
import { isPlainFile, readResultsOf } from './read-results.ts';
import { countsOf, testsHeadline, testSummary } from './test-summary.ts';

export interface TestSource {
  /** Files or globs, relative to `folder`. */
  readonly patterns: readonly string[];
  /** Folder that the tests ran in, relative to the repository's root. */
  readonly folder: string;
  readonly title: string;
}

export type TestPorts = Pick<ActionPorts, 'outputs' | 'log' | 'summary' | 'github'> & {
  readonly annotations: AnnotationPort;
};

/** Shows how tests went: failed ones on their lines, all in the summary. Whether the job is red is the tests' own doing. */
export async function tellTests(
  { patterns, folder, title }: TestSource,
  ports: TestPorts,
): Promise<Conclusion> {
  const root = resolve(ports.github.workspace);
  const results = await readResultsOf(patterns, join(root, folder));
  const problems =
    results.files === 0 && results.problems.length === 0
      ? [`no file of test results matches ${patterns.join(', ')} in ${folder}`]
      : results.problems;
  const failed = failedTests(results.cases, {
    root,
    folder,
    isFile: (path) => isPlainFile(join(root, path)),
  });
  for (const problem of problems) ports.log.warning(problem);
  const shown = testAnnotations(failed);
  for (const annotation of shown) ports.annotations.show(annotation);
  if (shown.length < failed.length)
    ports.log.info(`showing ${shown.length} of ${failed.length} failed tests as annotations`);
  const headline = testsHeadline(countsOf(results.cases));
  ports.log.info(headline);
  ports.outputs.set('headline', headline);
  ports.outputs.set('published', false);
  await ports.summary.write(testSummary(title, results.cases, failed, problems));
  return { conclusion: 'success' };
}
