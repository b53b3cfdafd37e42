import { join } from 'node:path';
import { levelOfSeverity, type Finding } from '../../../../../toolkit/findings/finding.ts';
import type { Task } from '../../../../../toolkit/findings/run-tasks.ts';
import type { ToolResult } from '../../../../../toolkit/findings/tool-result.ts';
import { above, folderOf, isInside, nameIn } from '../../../../../toolkit/files/repository-path.ts';
import type { Environment } from '../../environments.ts';
import type { Scanner, ScanTools, ScanTree } from '../scanner.ts';
import { messageOf } from './plain-findings.ts';
import { placeOfRendered } from './place-of-rendered.ts';
import { runTrivy } from './run-trivy.ts';
import { failures, toSeverity, type TrivyMisconfiguration } from './trivy-report.ts';
import { unreadManifests } from './unread-manifests.ts';

const tool = 'trivy-config';

/** Misconfigurations: each chart rendered with the values of each environment, and everything else as it is. */
export const trivyConfig = {
  name: tool,
  tasks: (tree, tools) => {
    const charts = chartsOf(tree, tools.inputs.charts);
    return [plainTask(tree, charts, tools), ...charts.map((chart) => chartTask(tree, chart, tools))];
  },
} as const satisfies Scanner;

/** Folders of charts; a chart inside another's `charts` folder is rendered with it. */
export function chartsOf(tree: ScanTree, named: readonly string[] | undefined): string[] {
  if (named !== undefined) return named.filter((dir) => isInside(dir, tree.path) || dir === tree.path);
  const dirs = tree.files.filter((file) => nameIn(file) === 'Chart.yaml').map(folderOf);
  return dirs.filter((dir) => !dirs.some((other) => other !== dir && isInside(dir, above('charts', other))));
}

function plainTask(tree: ScanTree, charts: readonly string[], tools: ScanTools): Task {
  return {
    tool,
    target: tree.path,
    run: async (): Promise<readonly ToolResult[]> => {
      const answer = await runTrivy(
        {
          tool,
          target: tree.path,
          args: [
            'config',
            '--skip-check-update',
            '--skip-dirs=**/node_modules',
            ...charts.map((chart) => `--skip-dirs=${join(tree.root, chart)}`),
          ],
          subject: join(tree.root, tree.path),
        },
        tools,
      );
      if (answer.kind === 'broke') return [answer.broke];
      const findings = (answer.report.Results ?? []).flatMap((result) =>
        failures(result).map((item) => toFinding(item, above(result.Target, tree.path))),
      );
      const unread = unreadManifests(
        {
          files: tree.files,
          charts: tree.files.filter((file) => nameIn(file) === 'Chart.yaml').map(folderOf),
          reported: new Set((answer.report.Results ?? []).map((result) => above(result.Target, tree.path))),
          readText: (file) => tools.readText(join(tree.root, file)),
        },
        { tool, target: tree.path },
      );
      return [{ tool, target: tree.path, status: 'ran', version: answer.version, findings }, ...unread];
    },
  };
}

/** One result for a chart over all environments: a finding that several share is one, and names them. */
function chartTask(tree: ScanTree, chart: string, tools: ScanTools): Task {
  return {
    tool,
    target: chart,
    run: async (): Promise<readonly ToolResult[]> => {
      const { environments } = tools.inputs;
      const renderings: readonly (Environment | undefined)[] =
        environments.length === 0 ? [undefined] : environments;
      const merged = new Map<string, { finding: Finding; environments: string[] }>();
      const broken: ToolResult[] = [];
      let version: string | undefined;
      for (const environment of renderings) {
        const target = environment === undefined ? chart : `${chart} (${environment.name})`;
        const answer = await runTrivy(
          {
            tool,
            target,
            args: [
              'config',
              '--skip-check-update',
              ...(environment?.files ?? []).map((file) => `--helm-values=${join(tree.root, file)}`),
            ],
            subject: join(tree.root, chart),
          },
          tools,
        );
        if (answer.kind === 'broke') {
          broken.push(answer.broke);
          continue;
        }
        version = answer.version;
        for (const result of answer.report.Results ?? []) {
          for (const item of failures(result)) {
            const finding = toChartFinding(item, above(result.Target, chart), tree, tools);
            const key = JSON.stringify([finding.rule, finding.location.path, finding.message]);
            const entry = merged.get(key) ?? { finding, environments: [] };
            if (environment !== undefined) entry.environments.push(environment.name);
            merged.set(key, entry);
          }
        }
      }
      const findings = [...merged.values()].map(named);
      return version === undefined
        ? broken
        : [{ tool, target: chart, status: 'ran', version, findings }, ...broken];
    },
  };
}

function named({ finding, environments }: { finding: Finding; environments: readonly string[] }): Finding {
  if (environments.length === 0) return finding;
  return { ...finding, message: `${finding.message} [${environments.join(', ')}]` };
}

function toFinding(item: TrivyMisconfiguration, path: string): Finding {
  const severity = toSeverity(item.Severity);
  const { StartLine: startLine = 0, EndLine: endLine = 0 } = item.CauseMetadata;
  return {
    tool,
    rule: item.ID,
    message: messageOf(item),
    level: levelOfSeverity(severity),
    severity,
    location: {
      path,
      startLine: Math.max(1, startLine),
      ...(endLine >= startLine && startLine > 0 ? { endLine } : {}),
    },
    helpUri: item.PrimaryURL,
    // A finding about the file as a whole has no line that could be its identity.
    ...(startLine === 0 ? { excerpt: [item.Message] } : {}),
  };
}

/**
 * Trivy's lines are those of the rendered manifest, which change with every image tag: what it says, which names the
 * object and the container, is the identity, and the template is the place.
 */
function toChartFinding(
  item: TrivyMisconfiguration,
  path: string,
  tree: ScanTree,
  tools: ScanTools,
): Finding {
  const lines = item.CauseMetadata.Code?.Lines ?? [];
  const cause = lines.filter((line) => line.IsCause === true).map((line) => line.Content);
  const template = tools.readText(join(tree.root, path));
  return {
    ...toFinding(item, path),
    location: { path, startLine: placeOfRendered(template, cause) },
    excerpt: [item.Message],
  };
}
