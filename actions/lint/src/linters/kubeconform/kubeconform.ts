import { join } from 'node:path';
import type { Ran, Skipped, ToolResult } from '../../../../../toolkit/findings/tool-result.ts';
import { isInside } from '../../../../../toolkit/files/repository-path.ts';
import { chartFolders } from '../helm-lint/helm-lint.ts';
import type { Linter, LintTools, Tree } from '../linter.ts';
import { runProgram } from '../run-program.ts';
import { manifests } from './manifests.ts';
import { readKubeconform, type KubeconformReport } from './read-report.ts';
import { renderChart } from './render-chart.ts';

const tool = 'kubeconform';

/** Folder of schemas that the repository brings itself, for its custom resources or a machine without the internet. */
const ownSchemas = '.kubeconform';

/** kubeconform on plain manifests as they are, and on charts as `helm template` renders them. */
export const kubeconform: Linter = {
  name: tool,
  // Schemas have names of their kinds.
  configuration: /(?!)/,
  configurationFolder: ownSchemas,
  detects: (tree, tools) => {
    const charts = chartFolders(tree.allFiles);
    const whole = { ...tree, files: tree.allFiles };
    return hasOwnSchemas(tree) || charts.length > 0 || manifests(whole, charts, tools).length > 0;
  },
  tasks: (tree, tools) => {
    const charts = chartFolders(tree.allFiles);
    const files = manifests(tree, charts, tools);
    const changed = charts.filter((chart) => tree.files.some((file) => isInside(file, chart)));
    const plain = {
      tool,
      target: '.',
      run: () => check({ tree, target: '.', files, placeOf: (file) => file }, tools),
    };
    return [
      ...(files.length > 0 || charts.length === 0 ? [plain] : []),
      ...changed.map((chart) => ({ tool, target: chart, run: () => checkChart(tree, chart, tools) })),
    ];
  },
};

interface Check {
  readonly tree: Tree;
  readonly target: string;
  /** Absolute, or relative to the root. */
  readonly files: readonly string[];
  readonly placeOf: (file: string) => string;
}

async function checkChart(tree: Tree, chart: string, tools: LintTools): Promise<readonly ToolResult[]> {
  const rendering = await renderChart(tree, chart, { tool, target: chart }, tools);
  if (rendering.kind === 'not') return [unlessAuto(rendering.result, tree, tools)];
  const { files, placeOf } = rendering;
  return check({ tree, target: chart, files, placeOf }, tools);
}

async function check(call: Check, tools: LintTools): Promise<readonly ToolResult[]> {
  const { tree, target } = call;
  const named = { tool, target };
  const answer = await runProgram(
    {
      ...named,
      argv: [
        'kubeconform',
        '-output=json',
        // Without it the report holds what is wrong, and not what was left out.
        '-verbose',
        '-ignore-missing-schemas',
        ...(hasOwnSchemas(tree)
          ? [`-schema-location=${join(tree.root, ownSchemas)}/{{.ResourceKind}}{{.KindSuffix}}.json`]
          : []),
        '-schema-location=default',
      ],
      files: call.files,
      cwd: tree.root,
      hint: 'put it on PATH before this step',
      goodCodes: [0, 1],
      versionArg: '-v',
    },
    tools,
  );
  if (answer.kind === 'broke') return [unlessAuto(answer.broke, tree, tools)];
  const texts = answer.results.map(({ stdout }) => stdout);
  const isTemplate = (file: string): boolean => /\{\{|\{%/.test(tools.readText(join(tree.root, file)) ?? '');
  const report = readKubeconform(texts, call.placeOf, target === '.' ? isTemplate : () => false);
  if (report === undefined) {
    const detail = texts.join('\n').slice(0, 500);
    return [{ ...named, status: 'tool-error', message: 'printed a report that cannot be read', detail }];
  }
  return judge(report, { ...named, version: answer.version }, hasOwnSchemas(tree) || tools.isAuto);
}

/**
 * What was not held against a schema is counted and said. Schemas that cannot be downloaded are a tool error where they
 * are the only ones and kubeconform was asked for by name; nothing checked is never clean.
 */
export function judge(
  { findings, checked, unchecked, undownloaded }: KubeconformReport,
  named: Pick<Ran, 'tool' | 'target' | 'version'>,
  mayLackSchemas: boolean,
): ToolResult[] {
  const { target, version } = named;
  if (undownloaded.length > 0 && !mayLackSchemas) {
    const detail = undownloaded[0] ?? '';
    return [{ tool, target, status: 'tool-error', message: 'the schemas cannot be downloaded', detail }];
  }
  const left = unchecked + undownloaded.length;
  const skipped: Skipped = {
    tool,
    target: target === '.' ? 'without a schema' : `${target}, without a schema`,
    status: 'skipped',
    reason: [
      `${left} resource${left === 1 ? ' has' : 's have'} no schema and ${left === 1 ? 'is' : 'are'} not checked`,
      ...(undownloaded.length === 0 ? [] : [`${undownloaded.length} for want of a download`]),
    ].join(', '),
  };
  const ran: Ran = { tool, target, status: 'ran', version, findings };
  if (left === 0) return [ran];
  return checked === 0 && findings.length === 0 ? [skipped] : [ran, skipped];
}

/** Found by the files alone, it checks where it can: a machine without the program is no error then. */
function unlessAuto(result: ToolResult, tree: Tree, tools: LintTools): ToolResult {
  if (result.status !== 'tool-error' || !tools.isAuto || hasOwnSchemas(tree)) return result;
  if (!result.message.includes('is not installed here')) return result;
  return { tool, target: result.target, status: 'skipped', reason: result.message };
}

function hasOwnSchemas(tree: Pick<Tree, 'allFiles'>): boolean {
  return tree.allFiles.some((file) => isInside(file, ownSchemas));
}
