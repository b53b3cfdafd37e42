import { statSync } from 'node:fs';
import { glob, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../../../../toolkit/action/errors.ts';
import { parseJUnit, type TestCase } from './junit.ts';

export interface TestResults {
  readonly cases: readonly TestCase[];
  /** Number of files that were read. */
  readonly files: number;
  /** What could not be read, one sentence each. */
  readonly problems: readonly string[];
}

/** Bytes of all files together; a suite of ten thousand tests writes some 5 MB. */
const mostBytes = 64 * 1024 * 1024;

/** Reads the JUnit XML files that match, in the order of their names. A file that cannot be read is told, not thrown. */
export async function readResultsOf(patterns: readonly string[], folder: string): Promise<TestResults> {
  const cases: TestCase[] = [];
  const problems: string[] = [];
  let [files, left] = [0, mostBytes];
  for (const name of await filesOf(patterns, folder)) {
    const { size } = await stat(join(folder, name));
    if ((left -= size) < 0) {
      problems.push(
        `${name} and what comes after it: the results are larger than ${mostBytes / 1024 ** 2} MiB`,
      );
      break;
    }
    try {
      for (const test of parseJUnit(await readFile(join(folder, name), 'utf8'))) cases.push(test);
      files += 1;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(`${name}: ${error.message}`);
    }
  }
  return { cases, files, problems };
}

async function filesOf(patterns: readonly string[], folder: string): Promise<string[]> {
  const found = new Set<string>();
  const exclude = (name: string): boolean => basename(name) === 'node_modules';
  for await (const name of glob([...patterns], { cwd: folder, exclude })) {
    if (isPlainFile(join(folder, name))) found.add(name);
  }
  return [...found].sort();
}

/** Whether a plain file is there; a link counts as what it points to. */
export function isPlainFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
