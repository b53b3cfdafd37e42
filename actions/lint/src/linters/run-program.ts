import { endedBy, lastLines } from '../../../../toolkit/findings/ended-by.ts';
import type { Broke } from '../../../../toolkit/findings/tool-result.ts';
import type { Argv, RunResult } from '../../../../toolkit/process/process.ts';
import { firstVersion } from '../../../../toolkit/tools/tool-spec.ts';
import { chunk } from './groups.ts';
import type { LintTools } from './linter.ts';

export interface ProgramCall {
  readonly tool: string;
  readonly target: string;
  /** Program and options; `--` and the files follow. */
  readonly argv: Argv;
  readonly files: readonly string[];
  readonly cwd: string;
  /** How to get the program, for the message when it is not there. */
  readonly hint: string;
  /** Exit codes after which the output is what it should be. */
  readonly goodCodes: readonly number[];
  /** How its version is asked; default `--version`. */
  readonly versionArg?: string;
}

export type ProgramAnswer =
  | { readonly kind: 'ran'; readonly results: readonly RunResult[]; readonly version: string }
  | { readonly kind: 'broke'; readonly broke: Broke };

/** Runs a program from PATH over files, in as few calls as arguments allow, and asks its version beside it. */
export async function runProgram(call: ProgramCall, tools: LintTools): Promise<ProgramAnswer> {
  const { tool, target, cwd, argv } = call;
  const broke = (message: string, detail: string): ProgramAnswer => ({
    kind: 'broke',
    broke: { tool, target, status: 'tool-error', message, detail },
  });
  try {
    const asked = tools.run([argv[0], call.versionArg ?? '--version'], { cwd: tools.emptyDir });
    // The call below fails for the same reason and tells it.
    asked.catch(() => undefined);
    const results: RunResult[] = [];
    for (const files of chunk(call.files)) {
      const result = await tools.run([...argv, '--', ...files], { cwd });
      const detail = lastLines([result.stdout, result.stderr]);
      if (result.ended !== 'by-itself') return broke(endedBy(result.ended), detail);
      if (!call.goodCodes.includes(result.code ?? -1)) {
        return broke(`${firstLine(result.stderr)} (exit code ${result.code ?? 'none'})`, detail);
      }
      results.push(result);
    }
    const { stdout, stderr } = await asked;
    return { kind: 'ran', results, version: firstVersion(stdout + stderr) ?? '' };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return broke(`${argv[0]} is not installed here: ${call.hint}`, '');
    }
    throw error;
  }
}

function firstLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const said = lines.find((line) => /error|invalid|failed/i.test(line)) ?? lines.find((line) => line !== '');
  return (said ?? 'failed').slice(0, 300);
}
