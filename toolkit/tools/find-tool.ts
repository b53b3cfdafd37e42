import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ToolError, UserError } from '../action/errors.ts';
import type { Log } from '../action/log.ts';
import { childEnv } from '../process/child-env.ts';
import type { ProcessPort } from '../process/process.ts';
import type { ToolCache } from './tool-cache.ts';
import { compareVersions, type Asset, type Platform, type ToolSpec } from './tool-spec.ts';

export interface FoundTool {
  readonly path: string;
  readonly version: string;
  readonly origin: 'tool cache' | 'PATH' | 'download';
}

export interface FindToolPorts {
  readonly process: ProcessPort;
  readonly cache: ToolCache;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export interface ToolWish {
  /** Exactly this version; '' takes any from the minimum up. */
  readonly version?: string | undefined;
  /** SHA-256 of the release asset, for versions without one compiled in. */
  readonly checksum?: string | undefined;
  /** Base URL of a mirror. */
  readonly mirror?: string | undefined;
}

/**
 * Finds a program: the runner's tool cache, then PATH with its version checked, then a pinned release whose SHA-256
 * is verified before anything is extracted. Throws a UserError when a download would be unverified.
 */
export async function findTool(
  spec: ToolSpec,
  ports: FindToolPorts,
  wish: ToolWish = {},
  platform: Platform = { os: process.platform, arch: process.arch },
): Promise<FoundTool> {
  const asked = (wish.version ?? '').replace(/^v/, '');
  const wanted = asked === '' ? spec.version : asked;
  const cached = ports.cache.find(spec.name, wanted);
  if (cached !== undefined) {
    const member = spec.asset(wanted, platform)?.member ?? spec.name;
    return { path: join(cached, member), version: wanted, origin: 'tool cache' };
  }
  const installed = await versionOnPath(spec, ports);
  if (installed !== undefined) {
    const good = asked === '' ? compareVersions(installed, spec.minimum) >= 0 : installed === asked;
    if (good) return { path: spec.name, version: installed, origin: 'PATH' };
    ports.log.info(
      `${spec.name} ${installed} on PATH is not used: ${asked === '' ? `${spec.minimum} or later` : asked} is needed`,
    );
  }
  return download(spec, ports, wish, wanted, platform);
}

async function versionOnPath(spec: ToolSpec, ports: FindToolPorts): Promise<string | undefined> {
  try {
    const result = await ports.process.run([spec.name, ...spec.versionArgs], {
      env: childEnv(ports.env, 'plain'),
      signal: ports.signal,
      timeoutMs: 30_000,
    });
    return result.code === 0 ? spec.parseVersion(result.stdout + result.stderr) : undefined;
  } catch {
    return undefined;
  }
}

async function download(
  spec: ToolSpec,
  ports: FindToolPorts,
  wish: ToolWish,
  version: string,
  platform: Platform,
): Promise<FoundTool> {
  const asset = spec.asset(version, platform);
  if (asset === undefined) {
    throw new UserError(
      'E_TOOL',
      `there is no ${spec.name} ${version} for ${platform.os} ${platform.arch}`,
      `install ${spec.name} on the runner's PATH`,
    );
  }
  const name = basename(asset.path);
  const expected = wish.checksum === undefined || wish.checksum === '' ? spec.checksums[name] : wish.checksum;
  if (expected === undefined || !/^[0-9a-f]{64}$/i.test(expected)) {
    throw new UserError(
      'E_TOOL',
      `${spec.name} ${version} is not on this machine, and no SHA-256 of ${name} is known to verify a download`,
      `install ${spec.name} on the runner's PATH, or give '${spec.name}-version' and '${spec.name}-checksum'`,
    );
  }
  const base = wish.mirror === undefined || wish.mirror === '' ? spec.baseUrl : wish.mirror;
  const url = `${base.replace(/\/$/, '')}/${asset.path}`;
  ports.log.info(`downloading ${spec.name} ${version}`);
  const file = await ports.cache.download(url).catch((error: unknown) => {
    throw new ToolError(
      'E_TOOL',
      `${spec.name} ${version} cannot be downloaded: ${error instanceof Error ? error.message : String(error)}`,
      { argv: ['download', url], exitCode: null, stderrTail: '' },
      { cause: error },
    );
  });
  await verify(file, expected.toLowerCase(), name);
  const dir = await store(spec, ports.cache, asset, file, version);
  return { path: join(dir, asset.member), version, origin: 'download' };
}

async function verify(file: string, expected: string, name: string): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  const actual = hash.digest('hex');
  if (actual === expected) return;
  await rm(file, { force: true });
  throw new UserError(
    'E_TOOL',
    `the download of ${name} has SHA-256 ${actual}, expected ${expected}: it was deleted unopened`,
    'check the version, the checksum and the mirror',
  );
}

function store(
  spec: ToolSpec,
  cache: ToolCache,
  asset: Asset,
  file: string,
  version: string,
): Promise<string> {
  return asset.archive === 'none'
    ? cache.storeFile(file, asset.member, spec.name, version)
    : cache.storeArchive(file, asset.archive, spec.name, version);
}
