import { UserError } from '../../../toolkit/action/errors.ts';
import type { InputReader } from '../../../toolkit/action/input-reader.ts';
import { readRepositoryPath } from '../../../toolkit/files/read-repository-path.ts';
import { scanners, type ScannerName } from './scanners/table.ts';
import { readEnvironments, type Environment } from './environments.ts';

export interface Inputs {
  readonly scanners: readonly ScannerName[];
  readonly images: readonly string[];
  readonly dockerfile: string;
  /** Relative to the repository, `.` for its root. */
  readonly path: string;
  /** Undefined: every folder with a Chart.yaml. */
  readonly charts: readonly string[] | undefined;
  readonly environments: readonly Environment[];
  readonly failSeverity: 'critical' | 'high' | 'medium' | 'low' | 'none';
  readonly newOnly: 'auto' | 'true' | 'false';
  readonly base: string;
  readonly ignoreUnfixed: boolean;
  readonly databaseMirrors: readonly string[];
  readonly onDatabaseError: 'fail' | 'skip';
  readonly timeoutMs: number;
  readonly sarif: string;
  readonly token: string;
  readonly trivy: { readonly version: string; readonly checksum: string };
  readonly toolMirror: string;
}

const fifteenMinutes = 900_000;

/** Inputs of the contract that do nothing yet: given, they are refused rather than ignored. */
const later: Readonly<Record<string, string>> = {
  image: '',
  dockerfile: '',
  'ignore-unfixed': 'false',
  licenses: 'false',
  waivers: '',
  'snyk-token': '',
  'snyk-org': '',
  'snyk-monitor': 'false',
  'sonar-host-url': '',
  'sonar-token': '',
  'sonar-project-key': '',
  kev: '',
  epss: '',
  'epss-threshold': '',
  'upload-sarif': 'false',
  'snyk-version': '',
  'snyk-checksum': '',
  'sonar-version': '',
  'sonar-checksum': '',
};

/** Reads and checks the inputs; every refusal is E_CONFIG. */
export function readInputs(reader: InputReader): Inputs {
  const comment = reader.choice('comment', ['auto', 'true', 'false']);
  reader.duration('quality-gate-timeout');
  for (const [name, unset] of Object.entries(later)) {
    const value = name.endsWith('-token') ? reader.secret(name) : reader.text(name);
    if (value !== unset && value !== '') throw refused(name, 'asks for what is not supported yet');
  }
  if (comment === 'true') throw refused('comment', 'asks for what is not supported yet');
  const charts = reader.list('charts').map((path) => readRepositoryPath('charts', path));
  const inputs: Inputs = {
    scanners: readScanners(reader),
    images: reader.list('image'),
    dockerfile: reader.text('dockerfile'),
    path: readRepositoryPath('path', reader.text('path')),
    charts: charts.length === 0 ? undefined : charts,
    environments: readEnvironments(reader.text('values')),
    failSeverity: reader.choice('fail-severity', ['critical', 'high', 'medium', 'low', 'none']),
    newOnly: reader.choice('new-only', ['auto', 'true', 'false']),
    base: reader.text('base'),
    ignoreUnfixed: reader.boolean('ignore-unfixed'),
    databaseMirrors: reader.list('database-mirrors'),
    onDatabaseError: reader.choice('on-database-error', ['fail', 'skip']),
    timeoutMs: reader.duration('timeout') ?? fifteenMinutes,
    sarif: reader.text('sarif'),
    token: reader.secret('github-token'),
    trivy: { version: reader.text('trivy-version'), checksum: reader.text('trivy-checksum') },
    toolMirror: reader.text('tool-mirror'),
  };
  reader.refuseUnknown();
  refuseContradictions(inputs);
  return inputs;
}

function readScanners(reader: InputReader): ScannerName[] {
  const names = reader.list('scanners');
  if (names.length === 0) throw refused('scanners', 'names no scanner');
  return names.map((name) => {
    const found = scanners.find((scanner) => scanner.name === name);
    if (found === undefined) {
      const known = scanners.map((scanner) => scanner.name).join(', ');
      throw refused('scanners', `names '${name}', expected some of ${known}`);
    }
    return found.name;
  });
}

function refuseContradictions(inputs: Inputs): void {
  const { checksum, version } = inputs.trivy;
  if (checksum !== '' && !/^[0-9a-f]{64}$/i.test(checksum)) {
    throw refused('trivy-checksum', 'is not a SHA-256 (64 hexadecimal digits)');
  }
  if (checksum !== '' && version === '') {
    throw refused('trivy-checksum', "is given without 'trivy-version'");
  }
  if (inputs.charts !== undefined && !inputs.scanners.includes('trivy-config')) {
    throw refused('charts', "is given, but 'scanners' leaves trivy-config out");
  }
  if (inputs.environments.length > 0 && !inputs.scanners.includes('trivy-config')) {
    throw refused('values', "is given, but 'scanners' leaves trivy-config out");
  }
}

function refused(name: string, problem: string): UserError {
  return new UserError(
    'E_CONFIG',
    `input '${name}' ${problem}`,
    `correct '${name}' under 'with:' of the step`,
  );
}
