import { join } from 'node:path';
import type { Installed } from '../find-package.ts';
import type { LintTools } from '../linter.ts';

/** What the child is told on its standard input. */
interface IgnoredRequest {
  /** Folder of the ESLint package. */
  readonly eslint: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** By folder, the files in it; relative to the child's working folder. */
  readonly folders: Readonly<Record<string, readonly string[]>>;
  readonly output: string;
}

/** Runs in a child process with the repository's own ESLint, and is sent there as text. */
/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-argument -- the repository's ESLint has no types here */
async function askInChild(load: (id: string) => any): Promise<void> {
  const fs = load('node:fs');
  const request = JSON.parse(fs.readFileSync(0, 'utf8'));
  const { loadESLint, ESLint } = load(request.eslint);
  const Engine = loadESLint === undefined ? ESLint : await loadESLint();
  const engine = new Engine(request.options);
  const ignored: string[] = [];
  for (const [folder, files] of Object.entries(request.folders as Record<string, string[]>)) {
    let isIgnored = files.length > 0;
    for (const file of files) {
      isIgnored = await engine.isPathIgnored(file);
      if (!isIgnored) break;
    }
    if (isIgnored) ignored.push(folder);
  }
  fs.writeFileSync(request.output, JSON.stringify(ignored));
}
/* eslint-enable */

const script = `(${askInChild.toString()})(require).catch((error) => { console.error(error); process.exitCode = 2; });`;

export interface IgnoringConfig {
  readonly root: string;
  /** Folder of the configuration that is asked. */
  readonly dir: string;
  /** Its name in the folder. */
  readonly file: string;
  readonly style: 'flat' | 'legacy';
  readonly installed: Installed;
  readonly env: Record<string, string>;
}

/**
 * The folders of which a configuration above ignores every file. None when ESLint cannot say: what is wrong with that
 * configuration is told where its own folder is linted.
 */
export async function askIgnored(
  config: IgnoringConfig,
  folders: Readonly<Record<string, readonly string[]>>,
  tools: LintTools,
): Promise<ReadonlySet<string>> {
  const { installed, file, style } = config;
  const output = tools.scratch('ignored.json');
  const request: IgnoredRequest = {
    eslint: installed.dir,
    // Named, because ESLint would look for the configuration nearest to the file.
    options: { overrideConfigFile: file, ...(style === 'legacy' ? { useEslintrc: false } : {}) },
    folders,
    output,
  };
  await tools.run([process.execPath, ...installed.nodeArgs, '--input-type=commonjs', '-e', script], {
    cwd: join(config.root, config.dir),
    input: JSON.stringify(request),
    env: config.env,
  });
  const answer = tools.readJson(output);
  return new Set(Array.isArray(answer) ? answer.map(String) : []);
}
