import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { npmProgram } from './lint-programs.ts';

const execute = promisify(execFile);

interface Complaint {
  readonly ruleId: string;
  readonly level?: string;
  readonly message: { readonly arguments?: readonly string[] };
  readonly locations: readonly {
    readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
  }[];
}

/** What Microsoft's validator calls an error in the SARIF files of a folder, `file: rule what`; empty when all are valid. */
export async function sarifErrors(dir: string): Promise<string[]> {
  const packages = join(npmProgram('@microsoft/sarif-multitool'), '@microsoft/sarif-multitool-linux');
  const validator = join(packages, 'Sarif.Multitool');
  chmodSync(validator, 0o755);
  const temp = mkdtempSync(join(tmpdir(), 'gd-sarif-'));
  const output = join(temp, 'validated.json');
  const files = readdirSync(dir).map((name) => join(dir, name));
  const options = ['--output', output, '--log', 'ForceOverwrite', '--level', 'Error', '--kind', 'Fail'];
  try {
    const { stdout } = await execute(validator, ['validate', ...files, ...options], {
      maxBuffer: 64 * 1024 * 1024,
      env: { PATH: process.env.PATH, HOME: temp, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' },
    });
    const scanned = `${files.length} files scanned`;
    if (!stdout.includes(scanned)) throw new Error(`the validator did not read all files: ${stdout}`);
    const log = JSON.parse(readFileSync(output, 'utf8').replace(/^\uFEFF/, '')) as {
      runs: { results?: Complaint[] }[];
    };
    return log.runs
      .flatMap(({ results }) => results ?? [])
      .filter(({ level }) => level === 'error')
      .map(({ ruleId, message, locations: [place] }) => {
        const file = basename(place?.physicalLocation.artifactLocation.uri ?? '');
        return `${file}: ${ruleId} ${(message.arguments ?? []).join(' ')}`;
      });
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}
