import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { childEnv } from '../../../toolkit/process/child-env.ts';
import type { Inputs } from './inputs.ts';
import type { LintTools } from './linters/linter.ts';
import type { ObservePorts } from './observe.ts';

/** Larger files are not read for fingerprints: generated, and no linter's lines. */
const maxSource = 8 * 1024 * 1024;

/** What the linters may touch: programs without tokens, a scratch folder, and files to read. */
export function lintTools(
  ports: ObservePorts,
  inputs: Pick<Inputs, 'timeoutMs' | 'eslintVersion' | 'prettierVersion'>,
): LintTools {
  let count = 0;
  return {
    run: (argv, options) =>
      ports.process.run(argv, {
        ...options,
        env: childEnv(ports.env, 'plain', options.env),
        timeoutMs: inputs.timeoutMs,
        signal: ports.signal,
      }),
    scratch: (name) => {
      count += 1;
      return join(ports.folders.scratch, `${process.pid}-${performance.now()}-${count}-${name}`);
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
    wanted: { eslint: inputs.eslintVersion, prettier: inputs.prettierVersion },
  };
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
