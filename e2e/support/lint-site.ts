/** A consumer's repository with a folder for what the runner keeps, and the lint bundle to run on it. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeConsumer, type Consumer } from './consumer.ts';
import { runBundle, type BundleResult, type BundleRun } from './run-bundle.ts';

export interface LintSite {
  readonly consumer: Consumer;
  readonly temp: string;
  lint(run?: Partial<BundleRun>): Promise<BundleResult>;
  /** Puts a package of some `node_modules` into the consumer's, or into that of a folder of it. */
  link(modules: string, name: string, folder?: string): void;
  remove(): void;
}

export interface SarifResult {
  readonly ruleId: string;
  readonly level: string;
  readonly baselineState?: string;
  readonly message: { readonly text: string };
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string };
      readonly region: { readonly startLine: number };
    };
  }[];
}

/** Without a token and with workflow commands, unless the run says otherwise. */
export function makeLintSite(): LintSite {
  const consumer = makeConsumer();
  const temp = mkdtempSync(join(tmpdir(), 'gd-lint-'));
  return {
    consumer,
    temp,
    lint: (run = {}) =>
      runBundle({
        action: 'lint',
        cwd: consumer.dir,
        ...run,
        inputs: { annotations: 'commands', ...run.inputs },
        env: { RUNNER_TEMP: temp, XDG_CACHE_HOME: join(temp, 'cache'), ...run.env },
      }),
    link: (modules, name, folder = '.') => {
      const link = join(consumer.dir, folder, 'node_modules', name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(modules, name), link, 'dir');
    },
    remove: () => {
      consumer.remove();
      rmSync(temp, { recursive: true, force: true });
    },
  };
}

/** File name → results. */
export function sarifResults(result: BundleResult): Record<string, readonly SarifResult[]> {
  const dir = result.outputs.sarif ?? '';
  return Object.fromEntries(
    readdirSync(dir)
      .sort()
      .map((name) => {
        const log = JSON.parse(readFileSync(join(dir, name), 'utf8')) as {
          runs: { results: SarifResult[] }[];
        };
        return [name, log.runs[0]?.results ?? []];
      }),
  );
}

/** `rule path:line state` of every result, sorted. */
export function found(result: BundleResult): string[] {
  return Object.values(sarifResults(result))
    .flat()
    .map((item) => {
      const { artifactLocation, region } = item.locations[0]!.physicalLocation;
      const place = `${decodeURIComponent(artifactLocation.uri)}:${region.startLine}`;
      return [item.ruleId, place, ...(item.baselineState === undefined ? [] : [item.baselineState])].join(
        ' ',
      );
    })
    .sort();
}
