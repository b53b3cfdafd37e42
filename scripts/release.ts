import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { changelogSection, versionProblem } from './release/changelog.ts';
import { commitRelease } from './release/commit-release.ts';
import { requireCommit, type Stamp } from './release/stamp.ts';
import { writeSuite } from './release/write-suite.ts';

/**
 * `node scripts/release.ts --repository owner/name --ref SHA [--out folder]` writes the form that runners without `$/`
 * need. With `--version 1.2.3` it makes the commits of a release of the checked out source instead, writes
 * `notes.md` into the folder and prints the commits as `name=SHA`. `--without-queue` leaves `concurrency.queue` out,
 * for a GitHub Enterprise Server that refuses it. `--check` only tells whether that can be released.
 */
const { values } = parseArgs({
  options: {
    repository: { type: 'string' },
    ref: { type: 'string' },
    out: { type: 'string', default: 'build/release' },
    version: { type: 'string' },
    check: { type: 'boolean', default: false },
    'without-queue': { type: 'boolean', default: false },
  },
});
const root = join(import.meta.dirname, '..');
const fail = (message: string): never => {
  console.error(message);
  process.exit(2);
};
const required = (name: 'repository' | 'ref'): string => values[name] ?? fail(`--${name} is missing`);
const stamp = (): Stamp => ({
  repository: required('repository'),
  ref: requireCommit(required('ref')),
  withoutQueue: values['without-queue'],
});

if (values.version === undefined) {
  const written = await writeSuite(root, resolve(values.out), stamp());
  console.log(`${written.length} paths written to ${values.out}`);
} else {
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const problem = versionProblem(values.version, { packageVersion: manifest.version, changelog });
  if (problem !== undefined) fail(problem);
  if (!values.check) {
    mkdirSync(resolve(values.out), { recursive: true });
    writeFileSync(
      join(resolve(values.out), 'notes.md'),
      `${changelogSection(changelog, values.version) ?? ''}\n`,
    );
    for (const [name, sha] of Object.entries(await commitRelease(root, stamp(), values.version)))
      console.log(`${name}=${sha}`);
  }
}
