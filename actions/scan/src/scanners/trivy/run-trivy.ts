import { endedBy, lastLines } from '../../../../../toolkit/findings/ended-by.ts';
import type { Broke } from '../../../../../toolkit/findings/tool-result.ts';
import type { ScanTools } from '../scanner.ts';
import { fatalLine } from './fatal-line.ts';
import { parseTrivyReport, type TrivyReport } from './trivy-report.ts';

export interface TrivyCall {
  readonly tool: string;
  readonly target: string;
  readonly args: readonly string[];
  /** Absolute path or image reference. */
  readonly subject: string;
  /** Trivy's cache of this machine when left out. */
  readonly cacheDir?: string;
}

export type TrivyAnswer =
  | {
      readonly kind: 'report';
      readonly report: TrivyReport;
      readonly version: string;
      /** Why the Dockerfile that Trivy guesses from an image's settings could not be read. */
      readonly unreadSettings: string | undefined;
    }
  | {
      readonly kind: 'broke';
      readonly broke: Broke;
      /** It met jars and was not let download what they are called. */
      readonly lacksJavaDatabase: boolean;
    };

/**
 * One call of Trivy. Its exit code says 1 for findings as for a dead database, and 0 for a chart it could not render:
 * so findings are never asked to set it, and what it logs is read as well.
 */
export async function runTrivy(call: TrivyCall, tools: ScanTools): Promise<TrivyAnswer> {
  const trivy = await tools.trivy();
  const output = tools.scratch('trivy.json');
  const [command = 'fs', ...args] = call.args;
  const result = await tools.run(
    [
      trivy.path,
      command,
      '--format=json',
      `--output=${output}`,
      `--cache-dir=${call.cacheDir ?? tools.trivyCache}`,
      '--skip-version-check',
      '--disable-telemetry',
      '--timeout=24h',
      '--exit-code=0',
      ...args,
      '--',
      call.subject,
    ],
    // From its working folder Trivy takes a configuration and a list of what to ignore: not the repository's.
    { cwd: tools.emptyDir },
  );
  const broke = (message: string): TrivyAnswer => ({
    kind: 'broke',
    broke: {
      tool: call.tool,
      target: call.target,
      status: 'tool-error',
      message,
      detail: lastLines([result.stdout, withoutDebug(result.stderr)]),
    },
    lacksJavaDatabase: result.stderr.includes('[javadb] The first run cannot skip'),
  });
  if (result.ended !== 'by-itself') return broke(endedBy(result.ended));
  if (result.code !== 0) return broke(fatalLine(result));
  const unparsed = unparsedLine(result.stderr);
  const isImage = command === 'image';
  // Images are full of broken files that nobody installs from.
  const skipped = isImage ? undefined : (skippedLine(result.stderr) ?? unparsed ?? unreadLine(result.stderr));
  if (skipped !== undefined) return broke(skipped);
  const report = parseTrivyReport(tools.readText(output) ?? '');
  if (report === undefined) return broke('wrote a report that cannot be read');
  return { kind: 'report', report, version: trivy.version, unreadSettings: isImage ? unparsed : undefined };
}

/** A file that Trivy could not read, of which it speaks only when asked to say everything (`--debug`). */
function unreadLine(stderr: string): string | undefined {
  const line = stderr.split('\n').find((text) => /\bDEBUG\b.*\b(Walk|Analysis) error\b/.test(text));
  if (line === undefined) return undefined;
  const file = /file_path="([^"]*)"/.exec(line)?.[1];
  const why = /err="(.*)"\s*$/.exec(line)?.[1] ?? line;
  return `${file ?? 'a file'} cannot be read: ${why}`.slice(0, 400);
}

/** A file that Trivy could not parse: it says so as an error, ends with code 0, and reports nothing of the file. */
function unparsedLine(stderr: string): string | undefined {
  const line = stderr.split('\n').find((text) => /\bERROR\b.*\bFailed to parse file\b/.test(text));
  if (line === undefined) return undefined;
  const file = /file_path="([^"]*)"/.exec(line)?.[1];
  const why = /err="(.*)"\s*$/.exec(line)?.[1] ?? line;
  return `${file ?? 'a file'} cannot be parsed: ${why}`.slice(0, 400);
}

/** What Trivy left out with a mere warning, exit code 0 and an empty report. */
function skippedLine(stderr: string): string | undefined {
  const line = stderr.split('\n').find((text) => /\bWARN\b.*\bSkipping (chart|template)\b/.test(text));
  const why = line === undefined ? undefined : /err="(.*)"\s*$/.exec(line)?.[1];
  return line === undefined ? undefined : `the chart cannot be rendered: ${why ?? line}`.slice(0, 400);
}

function withoutDebug(stderr: string): string {
  return stderr
    .split('\n')
    .filter((line) => !line.includes('\tDEBUG\t'))
    .join('\n');
}
