import type { Outputs } from '../../../toolkit/action/outputs.ts';
import { countByGrade, newCount, type Report } from '../../../toolkit/findings/report.ts';
import type { WorkFolders } from '../../../toolkit/findings/work-folders.ts';

/** What later steps of the job can read. */
export function setOutputs(
  outputs: Outputs,
  report: Report,
  folders: Pick<WorkFolders, 'sarif' | 'report'> & { readonly patch: string },
): void {
  outputs.set('verdict', report.verdict.kind);
  outputs.set('new-count', newCount(report));
  outputs.set('total-count', report.findings.length);
  outputs.set('by-severity', JSON.stringify(countByGrade(report.findings)));
  outputs.set('sarif', folders.sarif);
  outputs.set('report', folders.report);
  outputs.set('patch', folders.patch);
}
