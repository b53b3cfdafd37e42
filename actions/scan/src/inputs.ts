import type { InputReader } from '../../../toolkit/action/input-reader.ts';
import { readRepositoryPath } from '../../../toolkit/files/read-repository-path.ts';
import { readEnvironments, type Environment } from './environments.ts';
import { refuseContradictions, refused } from './refuse-contradictions.ts';
import { scanners, type ScannerName } from './scanners/table.ts';

export interface Inputs {
  readonly scanners: readonly ScannerName[];
  readonly images: readonly string[];
  /** What `images` are compared with, in the same order. */
  readonly baseImages: readonly string[];
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
  readonly licenses: boolean;
  readonly waivers: readonly string[];
  readonly snyk: SnykInputs;
  readonly sonar: SonarInputs;
  /** Files; '' for none. */
  readonly kev: string;
  readonly epss: string;
  readonly epssThreshold: number | undefined;
  readonly databaseMirrors: readonly string[];
  readonly onDatabaseError: 'fail' | 'skip';
  readonly timeoutMs: number;
  readonly sarif: string;
  readonly uploadSarif: boolean;
  readonly comment: 'auto' | 'true' | 'false';
  readonly token: string;
  readonly trivy: ToolInputs;
  readonly toolMirror: string;
}

export interface ToolInputs {
  readonly version: string;
  readonly checksum: string;
}

export interface SnykInputs extends ToolInputs {
  readonly token: string;
  readonly org: string;
  readonly monitor: boolean;
}

export interface SonarInputs extends ToolInputs {
  readonly hostUrl: string;
  readonly token: string;
  readonly projectKey: string;
  readonly gateTimeoutMs: number;
}

const fifteenMinutes = 900_000;
const tenMinutes = 600_000;

/** Reads and checks the inputs; every refusal is E_CONFIG. */
export function readInputs(reader: InputReader): Inputs {
  const charts = readPaths('charts', reader.list('charts'));
  const dockerfile = reader.text('dockerfile');
  const inputs: Inputs = {
    scanners: readScanners(reader),
    images: reader.list('image'),
    baseImages: reader.list('base-image'),
    dockerfile: dockerfile === '' ? '' : readRepositoryPath('dockerfile', dockerfile),
    path: readRepositoryPath('path', reader.text('path')),
    charts: charts.length === 0 ? undefined : charts,
    environments: readEnvironments(reader.text('values')),
    failSeverity: reader.choice('fail-severity', ['critical', 'high', 'medium', 'low', 'none']),
    newOnly: reader.choice('new-only', ['auto', 'true', 'false']),
    base: reader.text('base'),
    ignoreUnfixed: reader.boolean('ignore-unfixed'),
    licenses: reader.boolean('licenses'),
    waivers: readPaths('waivers', reader.list('waivers')),
    snyk: {
      version: reader.text('snyk-version'),
      checksum: reader.text('snyk-checksum'),
      token: reader.secret('snyk-token'),
      org: reader.text('snyk-org'),
      monitor: reader.boolean('snyk-monitor'),
    },
    sonar: {
      version: reader.text('sonar-version'),
      checksum: reader.text('sonar-checksum'),
      hostUrl: reader.text('sonar-host-url'),
      token: reader.secret('sonar-token'),
      projectKey: reader.text('sonar-project-key'),
      gateTimeoutMs: reader.duration('quality-gate-timeout') ?? tenMinutes,
    },
    kev: reader.text('kev'),
    epss: reader.text('epss'),
    epssThreshold: reader.number('epss-threshold', { min: 0, max: 1 }),
    databaseMirrors: reader.list('database-mirrors'),
    onDatabaseError: reader.choice('on-database-error', ['fail', 'skip']),
    timeoutMs: reader.duration('timeout') ?? fifteenMinutes,
    sarif: reader.text('sarif'),
    uploadSarif: reader.boolean('upload-sarif'),
    comment: reader.choice('comment', ['auto', 'true', 'false']),
    token: reader.secret('github-token'),
    trivy: { version: reader.text('trivy-version'), checksum: reader.text('trivy-checksum') },
    toolMirror: reader.text('tool-mirror'),
  };
  reader.refuseUnknown();
  refuseContradictions(inputs);
  return inputs;
}

function readPaths(name: string, paths: readonly string[]): string[] {
  return paths.map((path) => readRepositoryPath(name, path));
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
    return found.name as ScannerName;
  });
}
