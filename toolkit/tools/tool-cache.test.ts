import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import nock from 'nock';
import type { Log } from '../action/log.ts';
import { fakeProcess } from '../process/fake-process.ts';
import { actionlintSpec } from './actionlint.ts';
import { findTool } from './find-tool.ts';
import { snykSpec } from './snyk.ts';
import { runnerToolCache } from './tool-cache.ts';
import { trivySpec } from './trivy.ts';

const nothing = (): void => undefined;
const log: Log = {
  ...{ info: nothing, notice: nothing, warning: nothing, error: nothing, debug: nothing, raw: nothing },
  group: (_title, body) => body(),
};

// The hosts are public ones, which no server of a test can stand at: what goes over the wire is looked at instead.
let folder: string;
let before: string | undefined;
beforeEach(() => {
  nock.disableNetConnect();
  folder = mkdtempSync(join(tmpdir(), 'gd-download-'));
  before = process.env.RUNNER_TEMP;
  process.env.RUNNER_TEMP = folder;
});
afterEach(() => {
  if (before === undefined) delete process.env.RUNNER_TEMP;
  else process.env.RUNNER_TEMP = before;
  rmSync(folder, { recursive: true, force: true });
  nock.cleanAll();
  nock.enableNetConnect();
});

it.each([
  ['trivy', trivySpec, '/aquasecurity/trivy/releases/download/v0.74.0/trivy_0.74.0_Linux-64bit.tar.gz'],
  [
    'actionlint',
    actionlintSpec,
    '/rhysd/actionlint/releases/download/v1.7.12/actionlint_1.7.12_linux_amd64.tar.gz',
  ],
  ['snyk', snykSpec, '/cli/v1.1100.0/snyk-linux'],
])('asks for the pinned %s without credentials, and keeps nothing that is not it', async (_, spec, path) => {
  const elsewhere = 'https://release-assets.githubusercontent.com';
  const options = { badheaders: ['authorization', 'cookie'] };
  const first = nock(new URL(spec.baseUrl).origin, options)
    .get(path)
    .reply(302, '', { location: `${elsewhere}/asset?sig=1` });
  const second = nock(elsewhere, options).get('/asset').query({ sig: '1' }).reply(200, 'something else');
  const ports = {
    process: fakeProcess(() => new Error('ENOENT')),
    cache: runnerToolCache({}),
    env: {},
    log,
    signal: new AbortController().signal,
  };
  const wish = { checksum: 'a'.repeat(64) };
  await expect(findTool(spec, ports, wish, { os: 'linux', arch: 'x64' })).rejects.toMatchObject({
    code: 'E_TOOL',
    message: expect.stringContaining('SHA-256'),
  });
  expect([first.isDone(), second.isDone()]).toEqual([true, true]);
  expect(readdirSync(folder)).toEqual([]);
});
