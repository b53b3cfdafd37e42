/** The inputs of the actions and what the runner says about a run. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readInputs as canaryGate } from '../../actions/canary-gate/src/inputs.ts';
import { readInputs as helmDeploy } from '../../actions/helm-deploy/src/inputs.ts';
import { readInputs as lint } from '../../actions/lint/src/inputs.ts';
import { readInputs as report } from '../../actions/report/src/inputs.ts';
import { readInputs as rollback } from '../../actions/rollback/src/inputs.ts';
import { readInputs as scan } from '../../actions/scan/src/inputs.ts';
import { readGitHubContext } from '../../toolkit/action/github-context.ts';
import { envInputReader, type InputReader } from '../../toolkit/action/input-reader.ts';
import type { Target } from '../target.ts';

const github = readGitHubContext({ GITHUB_REF: 'refs/heads/main', GITHUB_SHA: 'a'.repeat(40) });
const gate = {
  ...{
    'prometheus-url': 'https://prometheus.example.com',
    canary: 'track="canary"',
    stable: 'track="stable"',
  },
  ...{ router: 'virtualservice/shop', weights: '10, 50', metrics: '- preset: http-errors' },
};
const deploy = { release: 'shop', chart: 'charts/shop', namespace: 'shop', environment: 'dev', helmfile: '' };

/** One input a line, `name=value`, with line ends in values written as `\n`. */
function write(action: string, given: Readonly<Record<string, string>>): string {
  const file = new URL(`../../actions/${action}/action.yml`, import.meta.url);
  const { inputs = {} } = parse(readFileSync(file, 'utf8')) as {
    inputs?: Record<string, { default?: string | number | boolean }>;
  };
  const lines = Object.entries(inputs).map(([name, { default: usual }]) => {
    const value = given[name] ?? String(usual ?? '');
    return `${name}=${value.includes('${{') ? '' : value.replaceAll('\n', '\\n')}`;
  });
  return lines.join('\n');
}

function fromInputs(read: (reader: InputReader) => unknown): (text: string) => unknown {
  return (text) => {
    const pairs = text.split('\n').map((line): [string, string] => {
      const [name = '', ...value] = line.split('=');
      return [`INPUT_${name.toUpperCase()}`, value.join('=').replaceAll('\\n', '\n')];
    });
    return read(envInputReader(Object.fromEntries(pairs), () => undefined));
  };
}

/** The event file is written anew for each text: the reader takes a path. */
function readEventFile(text: string): unknown {
  const folder = mkdtempSync(join(tmpdir(), 'gd-fuzz-'));
  try {
    const path = join(folder, 'event.json');
    writeFileSync(path, text);
    const { event } = readGitHubContext({ GITHUB_EVENT_PATH: path });
    if (typeof event !== 'object') throw new TypeError('the event is no object');
    return event;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function inputsOf(action: string, read: (reader: InputReader) => unknown, given = {}): Target {
  return { name: `inputs of ${action}`, corpus: [write(action, given)], read: fromInputs(read) };
}

export const inputs: readonly Target[] = [
  inputsOf('canary-gate', (reader) => canaryGate(reader, github), gate),
  inputsOf('helm-deploy', helmDeploy, deploy),
  inputsOf('lint', lint),
  inputsOf('report', report, { needs: '{"lint":{"result":"success","outputs":{}}}' }),
  inputsOf('rollback', rollback, deploy),
  inputsOf('scan', scan),
  { name: 'event file', corpus: ['{"action":"opened","number":1}', '[1]', 'null'], read: readEventFile },
];
