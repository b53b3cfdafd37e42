import { posix } from 'node:path';
import type { Failure } from './junit.ts';

export interface Place {
  /** Relative to the repository's root. */
  readonly path: string;
  readonly line: number;
}

export interface Ground {
  /** Absolute path of the checkout. */
  readonly root: string;
  /** Folder that the tests ran in, relative to `root`. */
  readonly folder: string;
  readonly isFile: (path: string) => boolean;
}

const frame = /(?:\(|\bat (?:async )?|^\s*|@)((?:file:\/\/)?[^\s():]+):(\d{1,7})(?::\d{1,7})?\)?\s*$/;
/** Characters of a line and lines of a stack that are looked at. */
const [widest, longest] = [1_000, 200];

/** Where a test failed: the frame of its own file, else the first one in the repository, else the file's own line. */
export function placeOf({ details, file, line }: Failure, ground: Ground): Place | undefined {
  const own = file === '' ? undefined : inRepository(file, ground);
  const frames = details.split('\n', longest).flatMap((text) => {
    const [, path, at] = frame.exec(text.slice(0, widest)) ?? [];
    const found = path === undefined ? undefined : inRepository(path, ground);
    return found === undefined ? [] : [{ path: found, line: Number(at) }];
  });
  if (own === undefined) return frames[0];
  return (
    frames.find(({ path }) => path === own) ??
    (line === undefined ? frames[0] : undefined) ?? { path: own, line: line ?? 1 }
  );
}

function inRepository(path: string, { root, folder, isFile }: Ground): string | undefined {
  const plain = path.startsWith('file://') ? decoded(path.slice('file://'.length)) : path;
  const below = posix.isAbsolute(plain)
    ? [posix.relative(root, plain)]
    : [posix.join(folder, plain), posix.normalize(plain)];
  return below.find(
    (name) => !name.startsWith('..') && !name.split('/').includes('node_modules') && isFile(name),
  );
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
