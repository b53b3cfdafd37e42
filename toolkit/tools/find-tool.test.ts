import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { neverAborted, silentLog } from '../action/silent-log.ts';
import { fakeProcess } from '../process/fake-process.ts';
import { findTool, type FindToolPorts, type ToolWish } from './find-tool.ts';
import type { ToolCache } from './tool-cache.ts';
import { compareVersions, firstVersion, type ToolSpec } from './tool-spec.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'gd-tool-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

const linux = { os: 'linux', arch: 'x64' } as const;
const content = 'the release archive';
const digest = createHash('sha256').update(content).digest('hex');
const spec: ToolSpec = {
  name: 'toy',
  version: '2.0.0',
  minimum: '1.5.0',
  versionArgs: ['--version'],
  parseVersion: firstVersion,
  baseUrl: 'https://releases.example.com',
  asset: (version, { os }) =>
    os === 'linux'
      ? { path: `v${version}/toy_${version}.tar.gz`, archive: 'tar.gz', member: 'toy' }
      : undefined,
  checksums: { 'toy_2.0.0.tar.gz': digest },
};

interface Told {
  readonly ports: FindToolPorts;
  readonly urls: string[];
  readonly extracted: string[];
}

function machine(onPath: string | undefined, cached: Record<string, string> = {}): Told {
  const urls: string[] = [];
  const extracted: string[] = [];
  const cache: ToolCache = {
    find: (name, version) => cached[`${name}@${version}`],
    download: async (url) => {
      urls.push(url);
      const file = join(dir, 'download');
      writeFileSync(file, content);
      return file;
    },
    storeArchive: async (file) => {
      extracted.push(file);
      return '/cache/toy';
    },
    storeFile: async () => '/cache/toy',
  };
  const process = fakeProcess(() =>
    onPath === undefined ? new Error('ENOENT') : { stdout: `toy version v${onPath}\n` },
  );
  return { ports: { process, cache, env: {}, log: silentLog, signal: neverAborted }, urls, extracted };
}

const find = (told: Told, wish: ToolWish = {}) => findTool(spec, told.ports, wish, linux);

describe('findTool', () => {
  it('prefers the tool cache', async () => {
    const told = machine('2.0.0', { 'toy@2.0.0': '/cached' });
    expect(await find(told)).toEqual({ path: '/cached/toy', version: '2.0.0', origin: 'tool cache' });
  });

  it('takes PATH when its version is new enough, or exactly the one asked for', async () => {
    expect(await find(machine('1.5.0'))).toMatchObject({ version: '1.5.0', origin: 'PATH' });
    expect(await find(machine('1.5.0'), { version: 'v1.5.0' })).toMatchObject({ origin: 'PATH' });
  });

  it('downloads when PATH has an older one or another than asked for', async () => {
    const told = machine('1.4.9');
    expect(await find(told)).toEqual({ path: '/cache/toy/toy', version: '2.0.0', origin: 'download' });
    expect(told.urls).toEqual(['https://releases.example.com/v2.0.0/toy_2.0.0.tar.gz']);
    await expect(find(machine('2.0.1'), { version: '2.0.0' })).resolves.toMatchObject({ origin: 'download' });
  });

  it('downloads from the mirror when there is one', async () => {
    const told = machine(undefined);
    await find(told, { mirror: 'https://mirror.example.com/toy/' });
    expect(told.urls).toEqual(['https://mirror.example.com/toy/v2.0.0/toy_2.0.0.tar.gz']);
  });

  it('deletes a download whose checksum differs, unopened', async () => {
    const told = machine(undefined);
    const wish = { version: '2.0.0', checksum: 'a'.repeat(64) };
    await expect(find(told, wish)).rejects.toMatchObject({ code: 'E_TOOL' });
    expect(told.extracted).toEqual([]);
    expect(existsSync(join(dir, 'download'))).toBe(false);
  });

  it('downloads nothing that it could not verify', async () => {
    const told = machine(undefined);
    await expect(find(told, { version: '3.0.0' })).rejects.toMatchObject({ code: 'E_TOOL' });
    expect(told.urls).toEqual([]);
  });

  it('says so when there is no release for the machine', async () => {
    const told = machine(undefined);
    await expect(findTool(spec, told.ports, {}, { os: 'aix', arch: 'ppc' })).rejects.toMatchObject({
      code: 'E_TOOL',
    });
  });
});

describe('compareVersions', () => {
  it.each([
    ['1.2.3', '1.2.3', 0],
    ['1.10.0', '1.9.9', 1],
    ['v2.0.0', '10.0.0', -8],
    ['1.2', '1.2.0', 0],
    ['1.2.3-rc.1', '1.2.3', 0],
  ])('%s against %s', (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b))).toBe(Math.sign(sign));
  });
});
