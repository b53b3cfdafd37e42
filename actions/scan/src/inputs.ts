import { UserError } from '../../../toolkit/action/errors.ts';
import type { InputReader } from '../../../toolkit/action/input-reader.ts';
import { readRepositoryPath } from '../../../toolkit/files/read-repository-path.ts';
import { scanners, type ScannerName } from './scanners/table.ts';
import { readEnvironments, type Environment } from './environments.ts';

export interface Inputs {
  readonly scanners: readonly ScannerName[];
  /** Relative to the repository, `.` for its root. */
  readonly path: string;
  /** Undefined: every folder with a Chart.yaml. */
  readonly charts: readonly string[] | undefined;
  readonly environments: readonly Environment[];
  readonly failSeverity: 'critical' | 'high' | 'medium' | 'low' | 'none';
  readonly newOnly: 'auto' | 'true' | 'false';
  readonly base: string;
  readonly databaseMirrors: readonly string[];
  readonly onDatabaseError: 'fail' | 'skip';
  readonly timeoutMs: number;
  readonly sarif: string;
  readonly token: string;
  readonly trivy: { readonly version: string; readonly checksum: string };
  readonly toolMirror: string;
}

const fifteenMinutes = 900_000;

/** Reads and checks the inputs; every refusal is E_CONFIG. */
export function readInputs(reader: InputReader): Inputs {
  refuseUnsupported(reader);
  // Workflows hand these over always; without their scanner they are masked and go nowhere.
  reader.secret('snyk-token');
  reader.secret('sonar-token');
  const charts = reader.list('charts').map((path) => readRepositoryPath('charts', path));
  const inputs: Inputs = {
    scanners: readScanners(reader),
    path: readRepositoryPath('path', reader.text('path')),
    charts: charts.length === 0 ? undefined : charts,
    environments: readEnvironments(reader.text('values')),
    failSeverity: reader.choice('fail-severity', ['critical', 'high', 'medium', 'low', 'none']),
    newOnly: reader.choice('new-only', ['auto', 'true', 'false']),
    base: reader.text('base'),
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

/** Inputs of the contract that do nothing yet: given, they are refused rather than ignored. */
function refuseUnsupported(reader: InputReader): void {
  const given: Record<string, boolean> = {
    image: reader.text('image') !== '',
    dockerfile: reader.text('dockerfile') !== '',
    'ignore-unfixed': reader.boolean('ignore-unfixed'),
    licenses: reader.boolean('licenses'),
    waivers: reader.text('waivers') !== '',
    'snyk-org': reader.text('snyk-org') !== '',
    'snyk-monitor': reader.boolean('snyk-monitor'),
    'snyk-version': reader.text('snyk-version') !== '',
    'snyk-checksum': reader.text('snyk-checksum') !== '',
    'sonar-host-url': reader.text('sonar-host-url') !== '',
    'sonar-project-key': reader.text('sonar-project-key') !== '',
    'sonar-version': reader.text('sonar-version') !== '',
    'sonar-checksum': reader.text('sonar-checksum') !== '',
    'quality-gate-timeout': reader.duration('quality-gate-timeout') === 0,
    kev: reader.text('kev') !== '',
    epss: reader.text('epss') !== '',
    'epss-threshold': reader.text('epss-threshold') !== '',
    'upload-sarif': reader.boolean('upload-sarif'),
    comment: reader.choice('comment', ['auto', 'true', 'false']) === 'true',
  };
  for (const [name, asked] of Object.entries(given)) {
    if (asked) throw refused(name, 'asks for what is not supported yet');
  }
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
