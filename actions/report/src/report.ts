import type { ActionPorts, Conclusion } from '../../../toolkit/action/run-action.ts';
import type { Chapter } from '../../../toolkit/github/story/chapter.ts';
import { headline } from '../../../toolkit/github/story/headline.ts';
import { addChapter, emptyStory } from '../../../toolkit/github/story/story.ts';
import { summary } from './summary.ts';

export interface ReportResult {
  readonly chapters: readonly Chapter[];
  readonly pullRequest: number | undefined;
  readonly isPublished: boolean;
  /** Why it was not published now; '' when it was to be. */
  readonly deferred: string;
  /** Path of the file that was left for later; '' for none. */
  readonly results: string;
}

const success: Conclusion = { conclusion: 'success' };

/** Sets the outputs and writes the summary. How the delivery went is other jobs' colour, not this one's. */
export async function report(ports: ActionPorts, result: ReportResult): Promise<Conclusion> {
  const { outputs, log } = ports;
  const story = result.chapters.reduce(addChapter, emptyStory);
  outputs.set('headline', headline(story));
  outputs.set('published', result.isPublished);
  outputs.set('pull-request', result.pullRequest ?? '');
  outputs.set('results', result.results);
  if (result.deferred !== '') log.notice(`${result.deferred}: publish-results.yml tells it there`);
  log.info(headline(story));
  await ports.summary.write(summary(story, result.deferred));
  return success;
}

export async function reportNothing(ports: ActionPorts, reason: string): Promise<Conclusion> {
  ports.outputs.set('published', false);
  ports.log.notice(`nothing published: ${reason}`);
  await ports.summary.write(`## Nothing published\n\n${reason}.`);
  return success;
}
