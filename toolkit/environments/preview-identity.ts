import { createHash } from 'node:crypto';

const prefix = 'gated-delivery.dev';

/** Who a preview namespace belongs to. */
export interface PreviewIdentity {
  /** `owner/name`. */
  readonly repository: string;
  readonly branch: string;
  readonly slug: string;
}

/** Labels a preview namespace carries. Tear-down removes only a namespace that has every one of them. */
export function previewLabels(identity: PreviewIdentity): Record<string, string> {
  return {
    [`${prefix}/managed-by`]: 'gated-delivery',
    [`${prefix}/preview`]: 'true',
    [`${prefix}/slug`]: identity.slug,
    // Names hold characters a label value may not, so the label has their hash and the annotation the name.
    [`${prefix}/repository`]: short(identity.repository.toLowerCase()),
    [`${prefix}/branch`]: short(identity.branch),
  };
}

/** Readable facts beside the labels; `expiresAt` in ms since the epoch. */
export function previewAnnotations(
  identity: PreviewIdentity,
  expiresAt: number | undefined,
): Record<string, string> {
  return {
    [`${prefix}/repository`]: identity.repository,
    [`${prefix}/branch`]: identity.branch,
    ...(expiresAt === undefined ? {} : { [`${prefix}/expires`]: new Date(expiresAt).toISOString() }),
  };
}

/** The labels that are missing or differ; none: the namespace is this identity's. */
export function missingOwnership(
  labels: Readonly<Record<string, string>> | undefined,
  identity: PreviewIdentity,
): string[] {
  return Object.entries(previewLabels(identity))
    .filter(([name, value]) => labels?.[name] !== value)
    .map(([name]) => name);
}

/** The identity a namespace claims by its annotations; undefined when they are missing. Check its labels next. */
export function claimedIdentity(metadata: {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}): PreviewIdentity | undefined {
  const repository = metadata.annotations?.[`${prefix}/repository`];
  const branch = metadata.annotations?.[`${prefix}/branch`];
  const slug = metadata.labels?.[`${prefix}/slug`];
  if (repository === undefined || branch === undefined || slug === undefined) return undefined;
  return { repository, branch, slug };
}

/** True when the preview has an end and it lies behind `now` (ms since the epoch). */
export function isExpired(annotations: Readonly<Record<string, string>> | undefined, now: number): boolean {
  const expires = Date.parse(annotations?.[`${prefix}/expires`] ?? '');
  return Number.isFinite(expires) && expires <= now;
}

function short(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 40);
}
