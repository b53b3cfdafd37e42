/** One replacement in a module's source before it is built. */
export interface SourceEdit {
  /** Path inside the module. */
  readonly file: string;
  /** How often `find` must occur: anything else means the source is not the one the edit was written for. */
  readonly times: number;
  readonly find: string;
  readonly replace: string;
}

/** The edited text; throws when `find` does not occur exactly `times` times. */
export function applyEdit(source: string, edit: SourceEdit): string {
  const parts = source.split(edit.find);
  if (parts.length - 1 !== edit.times) {
    throw new Error(
      `${edit.file}: expected ${edit.times} times, found ${parts.length - 1}: ${edit.find.trim()}`,
    );
  }
  return parts.join(edit.replace);
}
