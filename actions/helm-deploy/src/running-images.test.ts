import { expect, it } from '@jest/globals';
import type { Ledger, LedgerEntry, LedgerImage, LedgerRelease } from '../../../toolkit/ledger/ledger.ts';
import { runningImages } from './running-images.ts';

const image = (tag: string): LedgerImage => ({
  workload: 'Deployment/app',
  container: 'app',
  image: `app:${tag}`,
  digest: `sha256:${tag.repeat(64)}`,
});
const release = (revision: number, images: LedgerImage[]): LedgerRelease =>
  ({ name: 'app', namespace: 'test', revision, images }) as unknown as LedgerRelease;
const entry = (revision: number, images: LedgerImage[]): LedgerEntry =>
  ({ releases: [release(revision, images)] }) as unknown as LedgerEntry;
const ledger = (...entries: LedgerEntry[]): Ledger => ({ entries }) as unknown as Ledger;
const plan = (revision: number): Parameters<typeof runningImages>[2][number] =>
  ({
    wanted: { name: 'app', namespace: 'test' },
    current: revision === 0 ? undefined : { revision },
  }) as unknown as Parameters<typeof runningImages>[2][number];

it.each<[string, Ledger, LedgerEntry | undefined, number, string[]]>([
  ['this deploy', ledger(entry(1, [image('a')])), entry(2, [image('b')]), 1, ['app:b']],
  ['the deploy that made what did not change', ledger(entry(1, [image('a')])), entry(1, []), 1, ['app:a']],
  [
    'a dry run: what is there',
    ledger(entry(1, [image('a')]), entry(2, [image('b')])),
    undefined,
    1,
    ['app:a'],
  ],
  ['a first deploy', ledger(), entry(1, [image('a')]), 0, ['app:a']],
  ['a dry run of a first deploy', ledger(), undefined, 0, []],
  ['revisions that no deploy made', ledger(entry(1, [image('a')])), undefined, 9, []],
])('%s', (_, before, now, current, expected) => {
  expect(runningImages(before, now, [plan(current)]).map(({ image: name }) => name)).toEqual(expected);
});
