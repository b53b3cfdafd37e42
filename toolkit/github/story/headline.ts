import { environmentOf, type Chapter } from './chapter.ts';
import type { Story } from './story.ts';

type Of<S extends Chapter['subject'], O extends string> = Extract<Chapter, { subject: S }> & { outcome: O };

/** The one sentence a reader wants: where the change stands, and what to do when it stands badly. Plain text. */
export function headline({ chapters }: Story): string {
  const find = <S extends Chapter['subject'], O extends string>(subject: S, ...outcomes: O[]): Of<S, O>[] =>
    chapters.filter(
      (chapter): chapter is Of<S, O> =>
        chapter.subject === subject && (outcomes as string[]).includes(chapter.outcome),
    );
  const places = (list: readonly Chapter[]): string => [...new Set(list.map(environmentOf))].join(', ');

  const stuck = find('rollback', 'partial', 'failed');
  if (stuck.length > 0) return `The rollback of ${places(stuck)} did not finish: act by hand.`;
  const rejected = find('approval', 'rejected');
  if (rejected.length > 0)
    return `Sent back: the delivery to ${places(rejected)} was rejected. Nothing was deployed there.`;
  const back = find('rollback', 'rolled-back');
  if (back.length > 0) return `Rolled back in ${places(back)}. Fix forward: this commit is refused there.`;
  const bad = find('gate', 'fail', 'inconclusive');
  if (bad.length > 0) return `The gate of ${places(bad)} did not pass.`;
  const failed = find('deploy', 'failed');
  if (failed.length > 0) return `The deploy to ${places(failed)} failed.`;

  const open = [
    ...find('lint', 'findings', 'tool-error'),
    ...find('scan', 'findings', 'tool-error'),
    ...find('tests', 'fail'),
  ];
  if (open.length > 0)
    return `Not ready: look at ${[...new Set(open.map(({ subject }) => subject))].join(', ')}.`;
  const verified = find('deploy', 'verified');
  const unproved = find('deploy', 'deployed');
  if (verified.length > 0 && unproved.length > 0) {
    return `Delivered to ${places(verified)} and verified; deployed to ${places(unproved)}, not verified yet.`;
  }
  if (verified.length > 0) return `Delivered to ${places(verified)} and verified.`;
  if (unproved.length > 0) return `Deployed to ${places(unproved)}, not verified yet.`;
  const passed = [...find('lint', 'pass'), ...find('scan', 'pass'), ...find('tests', 'pass')];
  return passed.length > 0 ? 'The checks passed.' : 'Nothing was checked.';
}
