import { join } from 'node:path';
import { above } from '../../../../../toolkit/files/repository-path.ts';
import { endedBy, lastLines } from '../../../../../toolkit/findings/ended-by.ts';
import type { ToolResult } from '../../../../../toolkit/findings/tool-result.ts';
import { retrying } from '../../../../../toolkit/http/retry.ts';
import type { RunResult } from '../../../../../toolkit/process/process.ts';
import type { Scanner, ScanTools, ScanTree } from '../scanner.ts';
import { awaitTask } from './await-task.ts';
import { findSonarScanner } from './find-scanner.ts';
import { gateFindings, gateNote, gateTable } from './quality-gate.ts';
import { projectStatus, system } from './sonar-answers.ts';
import { sonarClient, type SonarClient } from './sonar-client.ts';
import { readIssues } from './sonar-issues.ts';
import { readProperties, untrustedProperty } from './sonar-properties.ts';
import { sonarScope } from './sonar-scope.ts';

const tool = 'sonar';
const propertiesFile = 'sonar-project.properties';
const retries = { attempts: 4, firstDelayMs: 1_000, maxDelayMs: 10_000, maxRetryAfterMs: 60_000 };

/** SonarQube or SonarCloud: the scanner sends, the server analyses and decides. What was there before, it knows. */
export const sonar = {
  name: tool,
  tasks: (tree, tools) =>
    tree.side === 'base' ? [] : [{ tool, target: tree.path, run: () => analyse(tree, tools) }],
} as const satisfies Scanner;

async function analyse(tree: ScanTree, tools: ScanTools): Promise<readonly ToolResult[]> {
  const { sonar: inputs } = tools.inputs;
  const target = tree.path;
  const broke = (message: string, result?: RunResult): ToolResult[] => {
    const detail = result === undefined ? '' : lastLines([result.stdout, result.stderr], 30);
    return [{ tool, target, status: 'tool-error', message, detail }];
  };
  const skipped = (reason: string): ToolResult[] => [{ tool, target, status: 'skipped', reason }];
  if (inputs.token === '') return skipped('no sonar-token: runs of forks and of Dependabot do not get it');

  const file = join(tree.root, above(propertiesFile, tree.path));
  const properties = readProperties(tools.readText(file) ?? '');
  const untrusted = untrustedProperty(properties, new URL(inputs.hostUrl).origin);
  if (untrusted !== undefined) {
    return broke(`${propertiesFile} sets ${untrusted}: where the token goes is for the workflow to say`);
  }
  const project = inputs.projectKey === '' ? properties.get('sonar.projectKey') : inputs.projectKey;
  if (project === undefined)
    return broke(`no project key: set 'sonar-project-key', or it in ${propertiesFile}`);

  const http = retrying(tools.http, tools.clock, retries);
  const client = sonarClient(inputs.hostUrl, inputs.token, http, tools.signal);
  // Before the scanner gets the token: it would follow a redirect to anywhere.
  const { edition } = await client.get('api/navigation/global', {}, system);
  const scope = sonarScope(tools.github, edition);
  if (scope.kind === 'skip') return skipped(scope.reason);

  const scanner = await findSonarScanner(tree, tools);
  const metadata = tools.scratch('report-task.txt');
  const result = await runScanner(
    scanner.script,
    { project, metadata, properties: scope.properties },
    tree,
    tools,
  );
  if (result.ended !== 'by-itself') return broke(endedBy(result.ended), result);
  const taskId = readProperties(tools.readText(metadata) ?? '').get('ceTaskId');
  if (result.code !== 0 || taskId === undefined) return broke(errorLine(result), result);

  const end = await awaitTask(client, taskId, { ...tools, timeoutMs: inputs.gateTimeoutMs });
  if (end.kind === 'failed') return broke(end.message);
  return [
    await readAnalysis(
      client,
      end.analysisId,
      { ...scope.query, components: project },
      tree,
      scanner.version,
    ),
  ];
}

async function readAnalysis(
  client: SonarClient,
  analysisId: string,
  query: Readonly<Record<string, string>>,
  tree: ScanTree,
  version: string,
): Promise<ToolResult> {
  const { projectStatus: gate } = await client.get(
    'api/qualitygates/project_status',
    { analysisId },
    projectStatus,
  );
  const found = await readIssues(client, tool, query, tree.path);
  const place = above(propertiesFile, tree.path);
  return {
    tool,
    target: tree.path,
    status: 'ran',
    version,
    findings: [...gateFindings(tool, gate, place), ...found.findings],
    known: found.known,
    notes: [gateNote(gate), ...found.notes],
    table: gateTable(gate),
  };
}

/** The token goes by environment; what the repository could say about the server is said here, and wins. */
function runScanner(
  script: string,
  what: { project: string; metadata: string; properties: Readonly<Record<string, string>> },
  tree: ScanTree,
  tools: ScanTools,
): Promise<RunResult> {
  const { hostUrl, token } = tools.inputs.sonar;
  const properties = {
    ...what.properties,
    'sonar.host.url': hostUrl.replace(/\/$/, ''),
    'sonar.projectKey': what.project,
    'sonar.projectBaseDir': join(tree.root, tree.path),
    'sonar.working.directory': tools.scratch('sonar-work'),
    'sonar.scanner.metadataFilePath': what.metadata,
    'sonar.qualitygate.wait': 'false',
  };
  const defined = Object.entries(properties).map(([name, value]) => `-D${name}=${value}`);
  return tools.run([process.execPath, script, ...defined], {
    cwd: join(tree.root, tree.path),
    env: { ...tools.sonarSettings, SONAR_TOKEN: token },
  });
}

function errorLine(result: RunResult): string {
  const lines = `${result.stdout}\n${result.stderr}`.split('\n').filter((line) => line.includes('[ERROR]'));
  const said = lines.map((line) => line.replace(/^.*\[ERROR\]\s*/, '').trim()).join('; ');
  return `the scanner failed (exit code ${result.code ?? 'none'})${said === '' ? '' : `: ${said}`}`.slice(
    0,
    500,
  );
}
