import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import type { WorkFolders } from '../../../toolkit/findings/work-folders.ts';
import { httpClient } from '../../../toolkit/http/http-client.ts';
import { childEnv } from '../../../toolkit/process/child-env.ts';
import { findTool } from '../../../toolkit/tools/find-tool.ts';
import type { ToolCache } from '../../../toolkit/tools/tool-cache.ts';
import { snykSpec } from '../../../toolkit/tools/snyk.ts';
import { trivySpec } from '../../../toolkit/tools/trivy.ts';
import type { Inputs } from './inputs.ts';
import type { ScanTools } from './scanners/scanner.ts';
import {
  addJavaDatabase,
  prepareDatabase,
  type Database,
  type JavaDatabase,
} from './scanners/trivy/database.ts';
import { downloadDatabase } from './scanners/trivy/download-database.ts';

type ToolPorts = Pick<ActionPorts, 'process' | 'env' | 'signal' | 'log' | 'clock' | 'github'> & {
  readonly cache: ToolCache;
  readonly folders: Pick<WorkFolders, 'scratch'>;
};

/** What the scanners may touch. Programs are looked up once, and only when a scanner needs them. */
export async function scanTools(inputs: Inputs, ports: ToolPorts): Promise<ScanTools> {
  const { env, log, clock, signal, github } = ports;
  const emptyDir = join(ports.folders.scratch, 'empty');
  await mkdir(emptyDir, { recursive: true });
  let count = 0;
  let mainAsked: Promise<Database> | undefined;
  let javaAsked: Promise<JavaDatabase> | undefined;
  const scratch = (name: string): string => {
    count += 1;
    return join(ports.folders.scratch, `${count}-${name}`);
  };
  const run: ScanTools['run'] = (argv, options) =>
    ports.process.run(argv, {
      ...options,
      env: childEnv(env, 'plain', options.env),
      timeoutMs: inputs.timeoutMs,
      signal,
    });
  const trivy = once(async () => {
    const found = await findTool(trivySpec, ports, { ...inputs.trivy, mirror: inputs.toolMirror });
    log.info(`trivy ${found.version} from ${found.origin}`);
    return found;
  });
  const snyk = once(async () => {
    const found = await findTool(snykSpec, ports, { ...inputs.snyk, mirror: inputs.toolMirror });
    log.info(`snyk ${found.version} from ${found.origin}`);
    return found;
  });
  const trivyCache = join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'trivy');
  const databasePorts = {
    clock,
    log,
    signal,
    random: Math.random,
    scratch,
    sharedCache: trivyCache,
    download: downloadDatabase({ trivy, run, emptyDir }),
  };
  return {
    inputs,
    github,
    clock,
    log,
    signal,
    http: httpClient({ timeoutMs: 30_000 }),
    emptyDir,
    run,
    scratch,
    readText: (path) => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return undefined;
      }
    },
    exists: existsSync,
    trivy,
    trivyCache,
    snyk,
    snykSettings: picked(env, /^SNYK_(API|HTTP_PROTOCOL_UPGRADE)$/),
    npmSettings: picked(env, /^npm_config_/i),
    sonarSettings: picked(env, /^(SONAR_USER_HOME|JAVA_HOME|SONAR_SCANNER_(?!.*TOKEN).*)$/),
    database: () => (mainAsked ??= prepareDatabase(inputs.databaseMirrors, databasePorts)),
    javaDatabase: (cacheDir) =>
      (javaAsked ??= addJavaDatabase(cacheDir, inputs.databaseMirrors, databasePorts)),
    usedDatabases: async () => ({
      main: await mainAsked?.catch(() => undefined),
      java: await javaAsked?.catch(() => undefined),
    }),
  };
}

function picked(env: Readonly<Record<string, string | undefined>>, names: RegExp): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && names.test(name)) found[name] = value;
  }
  return found;
}

/** The same answer for every caller. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
