import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { requireCommit } from './release/stamp.ts';
import { writeSuite } from './release/write-suite.ts';

/** `node scripts/release.ts --repository owner/name --ref <sha> [--out folder]`: the form runners without `$/` need. */
const { values } = parseArgs({
  options: {
    repository: { type: 'string' },
    ref: { type: 'string' },
    out: { type: 'string', default: 'build/release' },
  },
});
if (values.repository === undefined || values.ref === undefined) {
  console.error('usage: node scripts/release.ts --repository owner/name --ref <commit sha> [--out folder]');
  process.exit(2);
}
const written = await writeSuite(join(import.meta.dirname, '..'), resolve(values.out), {
  repository: values.repository,
  ref: requireCommit(values.ref),
});
console.log(`${written.length} paths written to ${values.out}`);
