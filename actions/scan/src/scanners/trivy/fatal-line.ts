import type { RunResult } from '../../../../../toolkit/process/process.ts';

/** Why Trivy gave up, in one line: the innermost of the reasons it lists. */
export function fatalLine({ stderr, code }: Pick<RunResult, 'stderr' | 'code'>): string {
  const lines = stderr.split('\n');
  const at = lines.findIndex((text) => text.includes('FATAL'));
  const reasons = lines.slice(Math.max(0, at)).filter((text) => /^\s+\* /.test(text));
  const innermost = reasons
    .at(-1)
    ?.replace(/^\s+\* /, '')
    .replace(/:\s*$/, '');
  const said = (lines[at] ?? '').replace(/^.*FATAL\s+(Fatal error\s+)?/, '').trim();
  const text = innermost ?? (said === '' ? 'failed' : said);
  return `${text} (exit code ${code ?? 'none'})`.slice(0, 400);
}
