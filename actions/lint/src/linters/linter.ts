import type { Task } from '../../../../toolkit/findings/run-tasks.ts';
import type { RunOptions, RunResult, Argv } from '../../../../toolkit/process/process.ts';

/** One tool: whether a repository uses it, and its calls. A tool is one folder and one line of the table. */
export interface Linter {
  readonly name: string;
  /** Whether the tree has its configuration or its files. */
  readonly detects: (tree: Tree) => boolean;
  /** File names (without folder) whose change means that every file has to be linted again. */
  readonly configuration: RegExp;
  /** The calls to make: independent of each other, so that one broken group leaves the others alone. */
  readonly tasks: (tree: Tree, tools: LintTools) => readonly Task[];
}

/** A checkout to lint. Paths are relative to `root`, with `/`. */
export interface Tree {
  readonly root: string;
  /** Everything tracked or about to be, inside the working directory. */
  readonly allFiles: readonly string[];
  /** The part to look at; the same as `allFiles` when `whole`. */
  readonly files: readonly string[];
  readonly whole: boolean;
  readonly workingDirectory: string;
}

export interface LintTools {
  /** Runs a program without tokens, with the timeout of the action. */
  readonly run: (
    argv: Argv,
    options: Pick<RunOptions, 'cwd' | 'input'> & { env?: Record<string, string> },
  ) => Promise<RunResult>;
  /** A fresh path for a tool's output: its standard output belongs to the repository's configuration. */
  readonly scratch: (name: string) => string;
  readonly readText: (path: string) => string | undefined;
  readonly readJson: (path: string) => unknown;
  readonly exists: (path: string) => boolean;
  /** Versions asked for by input, by package name. */
  readonly wanted: Readonly<Record<string, string>>;
}
