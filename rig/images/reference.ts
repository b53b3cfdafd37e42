import { UserError } from '../../toolkit/action/errors.ts';

export interface Reference {
  readonly repository: string;
  /** `latest` when none is given. */
  readonly tag: string;
  readonly digest: string | undefined;
}

/** Splits `registry:5000/name:tag@sha256:…`. Throws E_CONFIG on what is no image reference. */
export function parseReference(reference: string): Reference {
  const match =
    /^(?<repository>[a-z0-9.-]+(?::\d+(?=\/))?(?:\/[a-z0-9._-]+)*?)(?::(?<tag>\w[\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/.exec(
      reference,
    );
  const repository = match?.groups?.repository;
  if (repository === undefined || repository.split('/').includes('..')) {
    throw new UserError('E_CONFIG', `'${reference}' is no image reference`, 'use repository:tag');
  }
  return { repository, tag: match?.groups?.tag ?? 'latest', digest: match?.groups?.digest };
}
