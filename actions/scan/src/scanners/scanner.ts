import type { ActionPorts } from '../../../../toolkit/action/run-action.ts';
import type { GitHubContext } from '../../../../toolkit/action/github-context.ts';
import type { Task } from '../../../../toolkit/findings/run-tasks.ts';
import type { HttpPort } from '../../../../toolkit/http/http.ts';
import type { Argv, RunOptions, RunResult } from '../../../../toolkit/process/process.ts';
import type { FoundTool } from '../../../../toolkit/tools/find-tool.ts';
import type { ImageTarget } from '../images.ts';
import type { Inputs } from '../inputs.ts';
import type { Database, JavaDatabase } from './trivy/database.ts';

/** One way of scanning: which calls to make on a checkout. A scanner is one folder and one line of the table. */
export interface Scanner {
  readonly name: string;
  readonly tasks: (tree: ScanTree, tools: ScanTools) => readonly Task[];
}

/** A checkout to scan. Paths are relative to `root`, with `/`. */
export interface ScanTree {
  readonly root: string;
  /** The change itself, or what it is compared with. */
  readonly side: 'head' | 'base';
  /** Tracked files inside the path that is scanned. */
  readonly files: readonly string[];
  readonly path: string;
  readonly images: readonly ImageTarget[];
  /** Text of the `.snyk` file that may be obeyed. */
  readonly snykPolicy: string | undefined;
}

export interface ScanTools extends Pick<ActionPorts, 'clock' | 'log' | 'signal'> {
  readonly inputs: Inputs;
  readonly github: GitHubContext;
  readonly http: HttpPort;
  /** Runs a program without tokens, except for what `env` adds. */
  readonly run: (
    argv: Argv,
    options: Pick<RunOptions, 'cwd'> & { env?: Record<string, string> },
  ) => Promise<RunResult>;
  /** A fresh path for a tool's output. */
  readonly scratch: (name: string) => string;
  /** An empty folder to start tools in: they would obey configuration files of the repository. */
  readonly emptyDir: string;
  readonly readText: (path: string) => string | undefined;
  readonly exists: (path: string) => boolean;
  readonly trivy: () => Promise<FoundTool>;
  readonly trivyCache: string;
  readonly snyk: () => Promise<FoundTool>;
  /** Where Snyk's service is, when the step's environment names another than the public one. */
  readonly snykSettings: Readonly<Record<string, string>>;
  /** Registry and proxy of npm, as the step's environment sets them. */
  readonly npmSettings: Readonly<Record<string, string>>;
  /** How the step's environment sets SonarSource's scanner up; no token. */
  readonly sonarSettings: Readonly<Record<string, string>>;
  /** The vulnerability database of this run, fetched once and only when a scan needs it. */
  readonly database: () => Promise<Database>;
  /** Adds what jars are called to this run's database, once and only when a scan meets jars. */
  readonly javaDatabase: (cacheDir: string) => Promise<JavaDatabase>;
  /** What `database` and `javaDatabase` gave, when a scan asked for them. */
  readonly usedDatabases: () => Promise<{ main?: Database | undefined; java?: JavaDatabase | undefined }>;
}
