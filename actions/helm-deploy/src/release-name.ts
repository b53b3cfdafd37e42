/** The release of a chart or an overlay: the input's, or the one of the entry in `environments`; '' when neither says. */
export function releaseNameOf(unit: { readonly release: string }, fromEntry: string | undefined): string {
  return unit.release === '' ? (fromEntry ?? '') : unit.release;
}
