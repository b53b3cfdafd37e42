import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { HttpClient, getProxyUrl } from '@actions/http-client';
import { notAsLocked } from './not-as-locked.ts';
import { runTool } from './run-tool.ts';
import type { Release } from './tools-lock.ts';

export type Download =
  | { readonly kind: 'done' }
  /** The host cannot be reached, or has no such file: the recipe is next. */
  | { readonly kind: 'unreachable'; readonly reason: string };

/** A host that nothing leads to costs this long once, not once a tool. */
const connectMs = 4_000;
/** A host that is there may first have to fetch a large file itself before it says a word. */
const silenceMs = 60_000;
const unreachable = new Map<string, string>();

/** Forgets which hosts did not answer (for tests). */
export function forgetHosts(): void {
  unreachable.clear();
}

/** Downloads a release, compares its SHA-256 and only then unpacks it. A wrong checksum throws: nothing goes on after it. */
export async function downloadRelease(release: Release, target: string): Promise<Download> {
  const url = new URL(release.url);
  const known = unreachable.get(url.host);
  if (known !== undefined) return { kind: 'unreachable', reason: known };
  const work = join(target, '.download');
  await mkdir(work, { recursive: true });
  const file = join(work, basename(url.pathname));
  const failed = (reason: string): Download => {
    unreachable.set(url.host, reason);
    return { kind: 'unreachable', reason };
  };

  const client = new HttpClient('gated-delivery-rig', [], { socketTimeout: silenceMs });
  const hash = createHash('sha256');
  try {
    await awaitConnection(new URL(getProxyUrl(release.url) || release.url));
    const response = await client.get(release.url);
    const status = response.message.statusCode ?? 0;
    if (status !== 200) {
      response.message.resume();
      // Says something of this file, not of the host.
      return { kind: 'unreachable', reason: `${url.host} answered ${status}` };
    }
    response.message.on('data', (chunk: Buffer) => hash.update(chunk));
    await pipeline(response.message, createWriteStream(file));
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  } finally {
    client.dispose();
  }
  const digest = hash.digest('hex');
  if (digest !== release.sha256) throw notAsLocked(release.url, digest, release.sha256);
  await unpack(file, release, target);
  await rm(work, { recursive: true, force: true });
  return { kind: 'done' };
}

function awaitConnection({ hostname, port, protocol }: URL): Promise<void> {
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const usual = protocol === 'https:' ? 443 : 80;
    const socket = connect({ host, port: port === '' ? usual : Number(port), timeout: connectMs });
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('timeout', () => socket.destroy(new Error(`no connection within ${connectMs} ms`)));
    socket.once('error', reject);
  });
}

async function unpack(file: string, release: Release, target: string): Promise<void> {
  const work = join(target, '.download');
  const archive = /\.(tar\.gz|tgz|tar\.xz|zip)$/.test(file);
  if (file.endsWith('.zip')) await runTool(['python3', '-m', 'zipfile', '--extract', file, work]);
  else if (archive) await runTool(['tar', '-xf', file, '-C', work]);
  for (const [name, member] of Object.entries(release.files)) {
    // A member that is a folder becomes one.
    await rename(archive ? join(work, member) : file, join(target, name));
    await chmod(join(target, name), 0o755);
  }
}
