import type { Location } from '../../../toolkit/findings/finding.ts';
import { nameIn } from '../../../toolkit/files/repository-path.ts';
import type { Inputs } from './inputs.ts';

/** An image to scan. */
export interface ImageTarget {
  /** What the scanner pulls. */
  readonly reference: string;
  /** The image's name without tag and digest: what it is called in reports, whichever build of it this is. */
  readonly name: string;
  /** `image:` and the name: identity of what holds the packages, the same for the next build. */
  readonly role: string;
  /** The FROM line that its packages come from. */
  readonly place: Location;
}

/**
 * The images of the inputs. With `base`, one for each of `references` in the same order, these are what to scan under
 * the names of the others: so a finding of the next build, or of another registry, stays the same.
 */
export function imageTargets(
  references: readonly string[],
  place: Location,
  base?: readonly string[],
): ImageTarget[] {
  return references.flatMap((reference, index) => {
    const name = repositoryOf(reference);
    const pulled = base === undefined ? reference : base[index];
    return pulled === undefined ? [] : [{ reference: pulled, name, role: `image:${name}`, place }];
  });
}

/** The images of the inputs, or with `base` those they are compared with, shown in the Dockerfile of this checkout. */
export function imagesOf(
  inputs: Pick<Inputs, 'images' | 'dockerfile'>,
  files: readonly string[],
  readText: (path: string) => string | undefined,
  base?: readonly string[],
): ImageTarget[] {
  const dockerfile = dockerfileOf(inputs.dockerfile, files);
  return inputs.images.flatMap((image, index) =>
    imageTargets(
      [image],
      dockerfile === undefined
        ? // Without tag and digest: the next build is to have the same place.
          { path: repositoryOf(image), startLine: 1 }
        : { path: dockerfile, startLine: fromLine(readText(dockerfile)) },
      base?.slice(index, index + 1),
    ),
  );
}

/** `registry:5000/shop/backend:1.2@sha256:…` → `registry:5000/shop/backend`. */
export function repositoryOf(reference: string): string {
  const [path = ''] = reference.split('@');
  const colon = path.lastIndexOf(':');
  return colon > path.lastIndexOf('/') ? path.slice(0, colon) : path;
}

/** The Dockerfile findings of images are shown in: the input's, else the only one, else the one at the top. */
export function dockerfileOf(input: string, files: readonly string[]): string | undefined {
  if (input !== '') return input;
  const found = files.filter((file) => nameIn(file) === 'Dockerfile');
  return found.length === 1 ? found[0] : found.find((file) => file === 'Dockerfile');
}

/** Line of the last FROM: the stage that is shipped; 1 when there is none. */
export function fromLine(dockerfile: string | undefined): number {
  const lines = (dockerfile ?? '').split('\n');
  const at = lines.findLastIndex((line) => /^\s*FROM\s/i.test(line));
  return Math.max(0, at) + 1;
}
