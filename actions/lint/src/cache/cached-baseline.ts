import type { ActionPorts } from '../../../../toolkit/action/run-action.ts';
import { fingerprint, type Fingerprinted } from '../../../../toolkit/findings/fingerprint.ts';
import type { Finding } from '../../../../toolkit/findings/finding.ts';
import type { Ran } from '../../../../toolkit/findings/tool-result.ts';
import type { Git } from '../../../../toolkit/git/git.ts';
import { digestRules, isHiding } from '../configuration-files.ts';
import type { Tree } from '../linters/linter.ts';
import type { Observation } from '../observe.ts';
import type { ResultCache } from './result-cache.ts';

/** Each is read by a call of git; beyond, a checkout of the base is faster. */
const mostFiles = 100;

interface Wanted {
  readonly base: string;
  /** Paths of today whose old findings are asked for. */
  readonly paths: ReadonlySet<string>;
  readonly pathNow: (path: string) => string;
}

/**
 * Keeps what the linters said of every file of the commit that is checked out, for pull requests that start from it.
 * A cache that cannot be written costs a later run some seconds and this one nothing.
 */
export async function saveResults(
  head: Observation,
  tree: Tree,
  ports: Pick<ActionPorts, 'log' | 'signal'> & { git: Git; results: ResultCache | undefined },
): Promise<void> {
  const { git, results, log, signal } = ports;
  if (results === undefined || !tree.whole || tree.allFiles.some(isHiding)) return;
  try {
    // What is not committed is not that commit's.
    if ((await git.run('status', '--porcelain', '--untracked-files=normal')) !== '') return;
    const commit = (await git.run('rev-parse', 'HEAD')).trim();
    const rules = digestRules(tree);
    for (const result of head.results)
      if (result.status === 'ran') await results.save({ ...keyOf(result), rules, commit }, result.findings);
  } catch (error) {
    signal.throwIfAborted();
    log.debug(`the results are not kept: ${String(error)}`);
  }
}

/**
 * The old findings out of the cache: undefined unless every tool that ran today also ran over the whole base, in the
 * same version and with the same configuration.
 */
export async function cachedBaseline(
  head: Observation,
  tree: Tree,
  wanted: Wanted,
  git: Git,
  cache: ResultCache,
): Promise<Fingerprinted[] | undefined> {
  if (tree.allFiles.some(isHiding)) return undefined;
  const rules = digestRules(tree);
  const findings: Finding[] = [];
  for (const result of head.results) {
    if (result.status !== 'ran') continue;
    const cached = await cache.load({ ...keyOf(result), rules, commit: wanted.base });
    if (cached === undefined) return undefined;
    for (const finding of cached)
      if (wanted.paths.has(wanted.pathNow(finding.location.path))) findings.push(finding);
  }
  const paths = [...new Set(findings.map(({ location }) => location.path))];
  if (paths.length > mostFiles) return undefined;
  const sources = new Map<string, string>();
  for (const path of paths) {
    const { code, stdout } = await git.try('cat-file', 'blob', `${wanted.base}:${path}`);
    if (code === 0) sources.set(path, stdout.replace(/^\uFEFF/, ''));
  }
  return fingerprint(findings, (path) => sources.get(path), wanted.pathNow);
}

function keyOf({ tool, version, target }: Ran): Pick<Ran, 'tool' | 'version' | 'target'> {
  return { tool, version, target };
}
