import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ToolError } from '../../../toolkit/action/errors.ts';
import { lastLines } from '../../../toolkit/findings/ended-by.ts';
import { childEnv } from '../../../toolkit/process/child-env.ts';
import { findTool, type FoundTool } from '../../../toolkit/tools/find-tool.ts';
import { cacheFolder } from './cache/result-cache.ts';
import type { Inputs } from './inputs.ts';
import type { LintTools } from './linters/linter.ts';
import type { ObservePorts } from './observe.ts';

/** Larger files are not read for fingerprints: generated, and no linter's lines. */
const maxSource = 8 * 1024 * 1024;

/** What the linters may touch: programs without tokens, a scratch folder, and files to read. */
export function lintTools(
  ports: ObservePorts,
  inputs: Pick<Inputs, 'linters' | 'timeoutMs' | 'eslintVersion' | 'prettierVersion'>,
): LintTools {
  const aside = new Map<string, Promise<string>>();
  const found = new Map<string, Promise<FoundTool>>();
  let count = 0;
  return {
    run: (argv, options) =>
      ports.process.run(argv, {
        ...options,
        env: childEnv(ports.env, 'plain', { ...nodeOptions(ports.env), ...options.env }),
        timeoutMs: inputs.timeoutMs,
        signal: ports.signal,
      }),
    scratch: (name) => {
      count += 1;
      return join(ports.folders.scratch, `${process.pid}-${performance.now()}-${count}-${name}`);
    },
    keep: (name) => {
      const dir = cacheFolder(ports.env);
      return dir === undefined ? undefined : join(dir, name);
    },
    emptyDir: ports.folders.scratch,
    find: (spec) => {
      const known = found.get(spec.name) ?? findTool(spec, ports);
      found.set(spec.name, known);
      return known;
    },
    readText: (path) => readText('', path),
    readJson: (path) => {
      const text = readText('', path);
      try {
        return text === undefined ? undefined : (JSON.parse(text) as unknown);
      } catch {
        return undefined;
      }
    },
    exists: existsSync,
    installAside: (name, version) => {
      const known = aside.get(name) ?? installAside(name, version, ports);
      aside.set(name, known);
      return known;
    },
    isAuto: inputs.linters === undefined,
    wanted: { eslint: inputs.eslintVersion, prettier: inputs.prettierVersion },
  };
}

/** Large repositories give their linters more memory by it. */
function nodeOptions(env: ObservePorts['env']): Record<string, string> {
  return env.NODE_OPTIONS === undefined ? {} : { NODE_OPTIONS: env.NODE_OPTIONS };
}

/** Registry, proxy and certificates, as the job sets them: npm alone sees these, and runs no script. */
function npmSettings(env: ObservePorts['env']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      /^npm_config_/i.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
}

/** The repository had no say in this install: it runs in an empty folder, and no package runs a script. */
async function installAside(name: string, version: string, ports: ObservePorts): Promise<string> {
  const dir = join(ports.folders.scratch, `aside-${name}-${version}`);
  await mkdir(dir, { recursive: true });
  const argv = [
    'npm',
    'install',
    `--prefix=${dir}`,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-save',
    '--no-package-lock',
    '--loglevel=error',
    `${name}@${version}`,
  ] as const;
  const result = await ports.process.run(argv, {
    cwd: dir,
    env: childEnv(ports.env, 'plain', npmSettings(ports.env)),
    timeoutMs: 300_000,
    signal: ports.signal,
  });
  if (result.code !== 0) {
    throw new ToolError('E_TOOL', `${name} ${version} cannot be installed`, {
      argv,
      exitCode: result.code,
      stderrTail: lastLines([result.stderr], 5),
    });
  }
  return join(dir, 'node_modules', name);
}

/** A file as text; undefined when it is not there, not a file or too large. */
export function readText(root: string, path: string): string | undefined {
  const file = join(root, path);
  try {
    const stat = statSync(file);
    if (!stat.isFile() || stat.size > maxSource) return undefined;
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return undefined;
  }
}
