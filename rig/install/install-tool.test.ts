import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toolFolder } from './cache-folder.ts';
import { installTool } from './install-tool.ts';
import { platform } from './platform.ts';
import type { Tool } from './tools-lock.ts';

const body = 'a program';
const sha256 = createHash('sha256').update(body).digest('hex');
let server: Server;
let requests = 0;
let base = '';
const before = process.env.XDG_CACHE_HOME;

beforeAll(async () => {
  process.env.XDG_CACHE_HOME = mkdtempSync(join(tmpdir(), 'cache-'));
  server = createServer((_, response) => {
    requests++;
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  if (before === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = before;
  server.close();
});

const tool = (name: string, checksum: string): Tool => ({
  ...{ name, version: '1.0.0', group: 'test' },
  release: { [platform]: { url: `${base}/${name}`, sha256: checksum, files: { [name]: '' } } },
  recipe: {
    kind: 'npm',
    package: 'p',
    version: '1',
    integrity: 'sha512-x',
    platforms: [],
    zip: '',
    files: {},
  },
});
const silent = { log: () => undefined };

describe('installing a tool', () => {
  it('does the work once for two at the same time, and not again later', async () => {
    const wanted = tool('twice', sha256);
    const [a, b] = await Promise.all([installTool(wanted, silent), installTool(wanted, silent)]);
    await installTool(wanted, silent);
    expect(a).toBe(b);
    expect(readdirSync(a).sort()).toEqual(['receipt.json', 'twice']);
    expect(requests).toBe(1);
  });

  it('leaves neither a half-filled folder nor a lock when it fails', async () => {
    const wanted = tool('broken', '0'.repeat(64));
    await expect(installTool(wanted, silent)).rejects.toThrow('tools.lock has');
    expect(existsSync(toolFolder(wanted))).toBe(false);
    expect(readdirSync(dirname(toolFolder(wanted)))).toEqual([]);
  });

  it('does not download a release without a known checksum', async () => {
    const earlier = requests;
    await expect(installTool(tool('unchecked', 'unknown'), silent)).rejects.toThrow('holds no binaries for');
    expect(requests).toBe(earlier);
  });
});
