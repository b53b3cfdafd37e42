import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { npmProgram } from './lint-programs.ts';

const execute = promisify(execFile);

interface Complaint {
  readonly ruleId: string;
  readonly level?: string;
  readonly message: { readonly arguments?: readonly string[] };
}

/** What Microsoft's validator calls an error in the SARIF files of a folder, `file: rule what`; empty when all are valid. */
export async function sarifErrors(dir: string): Promise<string[]> {
  const packages = join(npmProgram('@microsoft/sarif-multitool'), '@microsoft/sarif-multitool-linux');
  const validator = join(packages, 'Sarif.Multitool');
  chmodSync(validator, 0o755);
  const temp = mkdtempSync(join(tmpdir(), 'gd-sarif-'));
  const errors: string[] = [];
  try {
    for (const name of readdirSync(dir)) {
      const output = join(temp, name);
      const options = ['--output', output, '--log', 'ForceOverwrite', '--level', 'Error', '--kind', 'Fail'];
      await execute(validator, ['validate', join(dir, name), ...options], {
        maxBuffer: 64 * 1024 * 1024,
        env: { PATH: process.env.PATH, HOME: temp, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' },
      });
      const log = JSON.parse(readFileSync(output, 'utf8').replace(/^\uFEFF/, '')) as {
        runs: { results?: Complaint[] }[];
      };
      for (const { ruleId, level, message } of log.runs.flatMap(({ results }) => results ?? [])) {
        if (level === 'error') errors.push(`${name}: ${ruleId} ${(message.arguments ?? []).join(' ')}`);
      }
    }
    return errors;
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}
