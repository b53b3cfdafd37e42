import { constants } from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../../toolkit/action/errors.ts';
import type { Chapter } from '../../../toolkit/github/story/chapter.ts';

/** A story holds at most 60 chapters of some hundred bytes; what is larger was not written by this action. */
const maxBytes = 64 * 1024;

/** Leaves the results for a later run that may publish them; returns the path. */
export async function writeResults(runnerTemp: string, chapters: readonly Chapter[]): Promise<string> {
  const folder = join(runnerTemp, 'gated-delivery-results');
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'results.json');
  await writeFile(path, JSON.stringify(chapters));
  return path;
}

/**
 * The JSON of a results file; undefined when there is no file. It came from an untrusted run: links are not followed
 * and no more than 64 KiB are read. Throws E_CONFIG for anything else than JSON in a plain file.
 */
export async function readResults(path: string): Promise<unknown> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw refused(path, 'cannot be opened', error);
  });
  if (file === undefined) return undefined;
  try {
    const stat = await file.stat();
    if (!stat.isFile() || stat.size > maxBytes)
      throw refused(path, `is no plain file of at most ${maxBytes} bytes`);
    return JSON.parse(await file.readFile('utf8')) as unknown;
  } catch (error) {
    throw error instanceof SyntaxError ? refused(path, 'is not JSON', error) : error;
  } finally {
    await file.close();
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}

function refused(path: string, problem: string, cause?: unknown): UserError {
  return new UserError(
    'E_CONFIG',
    `the results file ${path} ${problem}`,
    'nothing was published; look at the run that left it',
    { cause },
  );
}
