import type { Skipped, Broke } from '../../../../../toolkit/findings/tool-result.ts';
import type { ScanTools } from '../scanner.ts';
import { runTrivy, type TrivyAnswer, type TrivyCall } from './run-trivy.ts';

export type DatabaseAnswer =
  | (Exclude<TrivyAnswer, { kind: 'broke' }> & { readonly notes: readonly string[] })
  | Extract<TrivyAnswer, { kind: 'broke' }>
  /** What there is to say of vulnerabilities instead. */
  | { readonly kind: 'no-database'; readonly result: Broke | Skipped };

/**
 * One call of Trivy with this run's databases, which it downloads itself in no case. That of Java packages is made
 * ready once Trivy misses it: it has hundreds of megabytes, and only who meets jars needs it.
 */
export async function runWithDatabase(
  call: Omit<TrivyCall, 'cacheDir'>,
  tools: ScanTools,
): Promise<DatabaseAnswer> {
  const { tool, target } = call;
  const without = (what: string, reason: string): DatabaseAnswer => {
    const message = `no ${what}: ${reason}`.slice(0, 600);
    const result =
      tools.inputs.onDatabaseError === 'skip'
        ? ({ tool, target, status: 'skipped', reason: message } as const)
        : ({ tool, target, status: 'tool-error', message, detail: '' } as const);
    return { kind: 'no-database', result };
  };
  const database = await tools.database();
  if (database.kind === 'unreachable') return without('vulnerability database', database.reason);
  const { cacheDir, updatedAt } = database;
  const [command = 'fs', ...args] = call.args;
  const known = [command, '--skip-db-update', '--skip-java-db-update', ...args];
  let answer = await runTrivy({ ...call, cacheDir, args: known }, tools);
  if (answer.kind === 'broke' && answer.lacksJavaDatabase) {
    const java = await tools.javaDatabase(cacheDir);
    if (java.kind === 'unreachable') return without('database of Java packages', java.reason);
    answer = await runTrivy({ ...call, cacheDir, args: known }, tools);
  }
  if (answer.kind === 'broke') return answer;
  return { ...answer, notes: [`database of ${new Date(updatedAt).toISOString().slice(0, 16)}Z`] };
}
