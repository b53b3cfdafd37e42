import { join } from 'node:path';
import { endedBy, lastLines } from '../../../../toolkit/findings/ended-by.ts';
import type { Broke } from '../../../../toolkit/findings/tool-result.ts';
import type { Installed } from './find-package.ts';
import { chunk } from './groups.ts';
import type { LintTools } from './linter.ts';

export interface NpmCall {
  readonly tool: string;
  readonly target: string;
  readonly installed: Installed;
  /** Script of the package that is its command. */
  readonly script: string;
  readonly args: readonly string[];
  /** Paths relative to `cwd`, each beginning with `./`; a folder is looked through. */
  readonly paths: readonly string[];
  readonly cwd: string;
}

/** Runs a package's command over files and gives what each call printed; exit codes 0 and 1 are its answer. */
export async function runNpmProgram(
  call: NpmCall,
  tools: LintTools,
): Promise<{ readonly printed: readonly string[] } | { readonly broke: Broke }> {
  const { tool, target, installed, cwd } = call;
  const printed: string[] = [];
  for (const paths of chunk(call.paths)) {
    const argv = [process.execPath, ...installed.nodeArgs, join(installed.dir, call.script), ...call.args];
    const result = await tools.run([argv[0] ?? '', ...argv.slice(1), ...paths], { cwd });
    const detail = lastLines([result.stderr, result.stdout]);
    const broke = (message: string): { broke: Broke } => ({
      broke: { tool, target, status: 'tool-error', message: message.slice(0, 300), detail },
    });
    if (result.ended !== 'by-itself') return broke(endedBy(result.ended));
    if (result.code !== 0 && result.code !== 1) return broke(`exit code ${result.code ?? 'none'}`);
    printed.push(result.stdout);
    if (!result.stdout.includes('{')) {
      const said = `${result.stderr}\n${result.stdout}`.split('\n').map((line) => line.trim());
      return broke(said.find((line) => /error|fail|×|✖/i.test(line)) ?? 'printed no report');
    }
  }
  return { printed };
}
