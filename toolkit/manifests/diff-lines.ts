import type { ObjectChange } from './diff-manifests.ts';

/** The lines of one object's change for a block of `diff`. */
export function diffLines({ change, object, fields }: ObjectChange): string[] {
  if (change === 'added') return [`+ ${object}`];
  if (change === 'removed') return [`- ${object}`];
  return [
    `  ${object}`,
    ...fields.flatMap(({ path, before, after }) => [
      ...(before === undefined ? [] : [`-   ${path}: ${before}`]),
      ...(after === undefined ? [] : [`+   ${path}: ${after}`]),
    ]),
  ];
}
