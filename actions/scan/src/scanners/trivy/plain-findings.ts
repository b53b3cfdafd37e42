import { levelOfSeverity, type Finding, type Location } from '../../../../../toolkit/findings/finding.ts';
import {
  toSeverity,
  type TrivyLicense,
  type TrivyMisconfiguration,
  type TrivySecret,
} from './trivy-report.ts';

/** Where something was found, for people and for its identity. */
export interface Place {
  readonly location: Location;
  /** Such as `in the repository: …`, behind the name of the secret. */
  readonly advice: string;
  /** What tells it apart from the same at another place that `location` does not; '' for nothing. */
  readonly inside: string;
}

/** The secret itself goes nowhere: Trivy masks it in `Match`, which serves as the identity. */
export function secretFinding(tool: string, item: TrivySecret, place: Place): Finding {
  return {
    ...common(tool, item.RuleID, item.Severity, place),
    message: `${item.Title} ${place.advice}`,
    excerpt: identity(place, item.Match),
  };
}

export function licenseFinding(tool: string, item: TrivyLicense, what: string, place: Place): Finding {
  return {
    ...common(tool, item.Name, item.Severity, place),
    message: `${what} is licensed under ${item.Name}, which counts as ${item.Category}.`,
    excerpt: identity(place, `${what} ${item.Name}`),
  };
}

/** What `docker build` made of an image; its lines are of a Dockerfile that Trivy guesses. */
export function imageConfigFinding(tool: string, item: TrivyMisconfiguration, place: Place): Finding {
  return {
    ...common(tool, item.ID, item.Severity, place),
    message: messageOf(item),
    excerpt: identity(place, item.Message),
    helpUri: item.PrimaryURL,
  };
}

export function messageOf(item: TrivyMisconfiguration): string {
  return `${item.Message || item.Title}${item.Resolution === '' ? '' : ` (${item.Resolution})`}`;
}

function identity({ inside }: Place, text: string): string[] {
  return inside === '' ? [text] : [inside, text];
}

function common(
  tool: string,
  rule: string,
  text: string,
  { location }: Place,
): Pick<Finding, 'tool' | 'rule' | 'level' | 'severity' | 'location'> {
  const severity = toSeverity(text);
  return { tool, rule, level: levelOfSeverity(severity), severity, location };
}
