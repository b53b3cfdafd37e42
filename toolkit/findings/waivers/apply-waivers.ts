import picomatch from 'picomatch';
import type { Finding } from '../finding.ts';
import type { Waiver } from '../judged.ts';
import { daysLeft, isExpired } from './read-date.ts';

const warningDays = 14;

/** The waiver that covers a finding now; undefined when none does. Of several the one that holds longest. */
export function waiverFor(finding: Finding, waivers: readonly Waiver[], now: number): Waiver | undefined {
  return waivers
    .filter((waiver) => !isExpired(waiver.expires, now) && covers(waiver, finding))
    .sort((a, b) => (b.expires ?? '9999').localeCompare(a.expires ?? '9999'))[0];
}

/** What people should know about their waivers: which have ended, which end soon, which never do. */
export function waiverWarnings(
  waivers: readonly Waiver[],
  findings: readonly Finding[],
  now: number,
): string[] {
  return waivers.flatMap((waiver) => {
    const { id, expires, origin } = waiver;
    if (!findings.some((finding) => covers(waiver, finding))) return [];
    const left = daysLeft(expires, now);
    if (expires === undefined || left === undefined) {
      return [`the waiver of ${id} in ${origin} has no end: give it one`];
    }
    if (left <= 0) return [`the waiver of ${id} in ${origin} ended on ${expires}: the finding is back`];
    return left <= warningDays
      ? [`the waiver of ${id} in ${origin} ends on ${expires}, in ${left} day${left === 1 ? '' : 's'}`]
      : [];
  });
}

function covers(waiver: Waiver, finding: Finding): boolean {
  const { vulnerability, location, rule } = finding;
  const parts = (finding.parts ?? []).map((part) => part.rule);
  const ids = [rule, ...parts, ...(vulnerability ? [vulnerability.id, ...vulnerability.aliases] : [])];
  if (!ids.some((id) => id.toLowerCase() === waiver.id.toLowerCase())) return false;
  if (waiver.purl !== undefined && waiver.purl !== vulnerability?.purl) return false;
  if (waiver.path === undefined) return true;
  const matches = picomatch(waiver.path.replace(/^\.\//, ''), { dot: true });
  return matches(location.path) || (vulnerability !== undefined && matches(vulnerability.role));
}
