import { isInside } from '../../../../toolkit/files/repository-path.ts';

/** Parts of a tree that are linted by one call each: a folder and the files for which it is the nearest one. */
export interface Group {
  readonly dir: string;
  readonly files: readonly string[];
  /** Folders of other groups inside this one. */
  readonly nested: readonly string[];
}

/** Assigns each file to the deepest of `dirs` above it; files above all of them belong to none. */
export function groupByFolder(files: readonly string[], dirs: readonly string[]): Group[] {
  const sorted = [...new Set(dirs)].sort((a, b) => depth(b) - depth(a) || (a < b ? 1 : -1));
  const members = new Map<string, string[]>(sorted.map((dir) => [dir, []]));
  for (const file of files) {
    const dir = sorted.find((candidate) => isInside(file, candidate));
    if (dir !== undefined) members.get(dir)?.push(file);
  }
  return sorted
    .map((dir) => ({
      dir,
      files: members.get(dir) ?? [],
      nested: sorted.filter((other) => other !== dir && isInside(other, dir)),
    }))
    .reverse();
}

function depth(dir: string): number {
  return dir === '.' ? 0 : dir.split('/').length;
}

/** Cuts a list of arguments so that no call is longer than a system takes. */
export function chunk(args: readonly string[], maxBytes = 100_000): string[][] {
  const chunks: string[][] = [];
  let room = 0;
  for (const arg of args) {
    const size = arg.length * 3 + 1;
    if (room < size) {
      chunks.push([]);
      room = maxBytes;
    }
    chunks.at(-1)?.push(arg);
    room -= size;
  }
  return chunks;
}
