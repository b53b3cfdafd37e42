import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { neverAborted, silentLog } from '../../../../../toolkit/action/silent-log.ts';
import { fakeClock } from '../../../../../toolkit/clock/fake-clock.ts';
import { addJavaDatabase, prepareDatabase, type DatabasePorts } from './database.ts';

const hour = 3_600_000;
const now = Date.parse('2026-06-15T12:00:00Z');
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gd-database-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

function put(folder: string, ageHours: number, content: string): void {
  mkdirSync(folder, { recursive: true });
  const updated = new Date(now - ageHours * hour).toISOString();
  const isJava = folder.endsWith('java-db');
  const metadata = { Version: isJava ? 1 : 2, UpdatedAt: updated };
  writeFileSync(join(folder, 'metadata.json'), JSON.stringify(metadata));
  writeFileSync(join(folder, isJava ? 'trivy-java.db' : 'trivy.db'), content);
}

type Mirrors = Readonly<Record<string, number | undefined>>;

/** Mirrors by name: the age in hours of what they have, or undefined when they fail. */
async function prepare(mirrors: Mirrors) {
  const { ports, asked, clock } = portsTo(mirrors);
  const database = await prepareDatabase(Object.keys(mirrors), ports);
  const content =
    database.kind === 'ready' ? readFileSync(join(database.cacheDir, 'db/trivy.db'), 'utf8') : undefined;
  return { database, content, asked, slept: clock.slept };
}

function portsTo(mirrors: Mirrors) {
  const clock = fakeClock(now);
  const asked: string[] = [];
  let count = 0;
  const ports: DatabasePorts = {
    clock,
    log: silentLog,
    signal: neverAborted,
    random: () => 0.5,
    scratch: (name) => join(dir, `${(count += 1)}-${name}`),
    sharedCache: join(dir, 'cache'),
    download: async ({ folder }, cacheDir, mirror = '') => {
      asked.push(mirror);
      const age = mirrors[mirror];
      if (age !== undefined) put(join(cacheDir, folder), age, mirror);
      return {
        code: age === undefined ? 1 : 0,
        signal: null,
        stdout: '',
        stderr: age === undefined ? 'x\tFATAL\tFatal error\tTOOMANYREQUESTS' : '',
        ended: 'by-itself',
        durationMs: 1,
      };
    },
  };
  return { ports, asked, clock };
}

describe('prepareDatabase', () => {
  it('asks nobody while the cache is of today', async () => {
    put(join(dir, 'cache/db'), 23, 'cached');
    expect(await prepare({ one: 1 })).toMatchObject({
      content: 'cached',
      asked: [],
      database: { warning: undefined },
    });
  });

  it('asks in order with a pause in between, keeps what it gets, and asks no more', async () => {
    put(join(dir, 'cache/db'), 25, 'cached');
    const { content, asked, slept } = await prepare({ one: undefined, two: undefined, three: 2, four: 1 });
    expect({ content, asked, slept }).toEqual({
      content: 'three',
      asked: ['one', 'two', 'three'],
      slept: [1_500, 1_500],
    });
    expect(readFileSync(join(dir, 'cache/db/trivy.db'), 'utf8')).toBe('three');
  });

  it('takes the newest of a week with a warning, be it the cache or a mirror', async () => {
    put(join(dir, 'cache/db'), 40, 'cached');
    const first = await prepare({ one: 50, two: undefined });
    expect(first.content).toBe('cached');
    expect(first.database).toMatchObject({ warning: expect.stringMatching(/40 hours old.*TOOMANYREQUESTS/) });
    expect((await prepare({ one: 30 })).content).toBe('one');
  });

  it('has none when all are older or fail, and says why', async () => {
    put(join(dir, 'cache/db'), 24 * 7 + 1, 'cached');
    expect((await prepare({ one: 200, two: undefined })).database).toEqual({
      kind: 'unreachable',
      reason: 'one: 200 hours old; two: TOOMANYREQUESTS (exit code 1)',
    });
  });

  it('is not touched by what happens to the cache afterwards', async () => {
    put(join(dir, 'cache/db'), 1, 'cached');
    const { database } = await prepare({});
    rmSync(join(dir, 'cache'), { recursive: true });
    expect(database.kind === 'ready' && existsSync(join(database.cacheDir, 'db/trivy.db'))).toBe(true);
  });
});

describe('addJavaDatabase', () => {
  const add = async (mirrors: Mirrors) => {
    const { ports, asked } = portsTo(mirrors);
    const named = Object.keys(mirrors).map((name) => name.replace('trivy-java-db:1', 'trivy-db:2'));
    const added = await addJavaDatabase(join(dir, 'run'), named, ports);
    const file = join(dir, 'run/java-db/trivy-java.db');
    return { added, asked, content: existsSync(file) ? readFileSync(file, 'utf8') : undefined };
  };

  it('takes the cache of a day, then the mirrors in order, beside the main database', async () => {
    put(join(dir, 'cache/java-db'), 25, 'cached');
    const mirrors = { 'one/trivy-java-db:1': undefined, 'two/trivy-java-db:1': 3 };
    const asked = Object.keys(mirrors);
    expect(await add(mirrors)).toMatchObject({ content: 'two/trivy-java-db:1', asked });
    expect(await add(mirrors)).toMatchObject({ content: 'two/trivy-java-db:1', asked: [] });
  });

  it('takes the cache of a week with a warning, and nothing older', async () => {
    put(join(dir, 'cache/java-db'), 40, 'cached');
    const stale = await add({ 'one/trivy-java-db:1': undefined });
    expect(stale).toMatchObject({
      content: 'cached',
      added: { kind: 'ready', warning: expect.stringMatching(/Java packages is 40 hours old/) },
    });
    put(join(dir, 'cache/java-db'), 200, 'cached');
    const { added } = await add({ 'one/trivy-java-db:1': undefined });
    expect(added).toMatchObject({ kind: 'unreachable', reason: expect.stringContaining('TOOMANYREQUESTS') });
  });
});
