import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { downloadRelease, forgetHosts } from './download.ts';

const body = 'a program';
const sha256 = createHash('sha256').update(body).digest('hex');
let server: Server;
let base = '';
let requests = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    requests++;
    if (request.url === '/broken') request.socket.destroy();
    response.statusCode = ['/tool', '/slow'].includes(request.url ?? '') ? 200 : 404;
    setTimeout(() => response.end(body), request.url === '/slow' ? 4_500 : 0);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
});
beforeEach(() => {
  forgetHosts();
  requests = 0;
});
const target = (): string => mkdtempSync(join(tmpdir(), 'download-'));

describe('a release download', () => {
  it('puts a file with the right checksum in place and leaves nothing else', async () => {
    const folder = target();
    const release = { url: `${base}/tool`, sha256, files: { tool: '' } };
    expect(await downloadRelease(release, folder)).toEqual({ kind: 'done' });
    expect(readFileSync(join(folder, 'tool'), 'utf8')).toBe(body);
    expect(existsSync(join(folder, '.download'))).toBe(false);
  });

  it('throws on another checksum and puts nothing in place', async () => {
    const folder = target();
    const release = { url: `${base}/tool`, sha256: '0'.repeat(64), files: { tool: '' } };
    await expect(downloadRelease(release, folder)).rejects.toThrow(sha256);
    expect(existsSync(join(folder, 'tool'))).toBe(false);
  });

  it('asks a host that broke off only once', async () => {
    const release = { url: `${base}/broken`, sha256, files: { tool: '' } };
    const first = await downloadRelease(release, target());
    const second = await downloadRelease({ ...release, url: `${base}/tool` }, target());
    expect(first).toMatchObject({ kind: 'unreachable' });
    expect(second).toEqual(first);
    expect(requests).toBe(1);
  });

  it('does not blame the host for a file it does not have', async () => {
    const release = { url: `${base}/gone`, sha256, files: { tool: '' } };
    const missing = await downloadRelease(release, target());
    expect(missing).toEqual({ kind: 'unreachable', reason: expect.stringContaining('404') });
    expect(await downloadRelease({ ...release, url: `${base}/tool` }, target())).toEqual({ kind: 'done' });
  });

  it('waits for a host that is there and has to fetch the file first', async () => {
    const release = { url: `${base}/slow`, sha256, files: { tool: '' } };
    expect(await downloadRelease(release, target())).toEqual({ kind: 'done' });
  }, 30_000);

  it('says why a host cannot be reached', async () => {
    const release = { url: 'http://127.0.0.1:1/tool', sha256, files: { tool: '' } };
    expect(await downloadRelease(release, target())).toMatchObject({ kind: 'unreachable' });
  });
});
