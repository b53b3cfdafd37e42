import * as v from 'valibot';
import { UserError } from '../../../toolkit/action/errors.ts';

/** An image as it is written, and the digest that ran under that name; '' when no node told. */
const image = v.object({ image: v.string(), digest: v.string() });

export type ProvedImage = v.InferOutput<typeof image>;

/** Reads the output `images` of another deploy; throws E_CONFIG when it is none. */
export function parseProvedImages(text: string): ProvedImage[] {
  if (text === '') return [];
  try {
    return v.parse(v.array(image), JSON.parse(text));
  } catch (error) {
    throw new UserError(
      'E_CONFIG',
      "input 'proved-images' is no list of images",
      'give it the output `images` of the deploy where they were proved',
      { cause: error },
    );
  }
}

/**
 * Throws E_IMAGE_CHANGED when a name that was proved stands for other content here: its tag was pushed again. A name
 * that was not in use there, and one whose digest no node told, cannot be compared.
 */
export function requireProved(proved: readonly ProvedImage[], running: readonly ProvedImage[]): void {
  for (const { image: name, digest } of running) {
    const known = proved.filter((other) => other.image === name && other.digest !== '');
    if (digest === '' || known.length === 0 || known.some((other) => other.digest === digest)) continue;
    throw new UserError(
      'E_IMAGE_CHANGED',
      `${name} is ${digest} here, and ${known[0]?.digest ?? ''} was proved`,
      'push each tag once, or name images by their digest; then deploy and promote the new commit',
    );
  }
}
