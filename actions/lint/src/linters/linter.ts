import type { Task } from '../../../../toolkit/findings/run-tasks.ts';
import type { FoundTool } from '../../../../toolkit/tools/find-tool.ts';
import type { ToolSpec } from '../../../../toolkit/tools/tool-spec.ts';
import type { RunOptions, RunResult, Argv } from '../../../../toolkit/process/process.ts';

/** One tool: whether a repository uses it, and its calls. A tool is one folder and one line of the table. */
export interface Linter {
  readonly name: string;
  /** Whether the tree has its configuration or its files. */
  readonly detects: (tree: Tree, tools: LintTools) => boolean;
  /** File names (without folder) whose change means that every file has to be linted again. */
  readonly configuration: RegExp;
  /** A folder at the root in which every file is such a configuration. */
  readonly configurationFolder?: string;
  /**
   * Names of files that hide findings by their number. The merge base is linted without them: else one finding too many
   * in a file would show all of them, and all as new.
   */
  readonly hides?: RegExp;
  /** The calls to make: independent of each other, so that one broken group leaves the others alone. */
  readonly tasks: (tree: Tree, tools: LintTools) => readonly Task[];
}

/** A checkout to lint. Paths are relative to `root`, with `/`. */
export interface Tree {
  readonly root: string;
  /** Everything tracked or about to be, inside the working directory. */
  readonly allFiles: readonly string[];
  /** Files of the folders above the working directory, whose configurations hold in it as well. */
  readonly outerFiles?: readonly string[] | undefined;
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
  /** A path that outlives the job where its folder does; undefined where there is none. */
  readonly keep: (name: string) => string | undefined;
  /** An empty folder to ask programs for their version in. */
  readonly emptyDir: string;
  /** A pinned program: tool cache, PATH, or a verified download. */
  readonly find: (spec: ToolSpec) => Promise<FoundTool>;
  readonly readText: (path: string) => string | undefined;
  readonly readJson: (path: string) => unknown;
  readonly exists: (path: string) => boolean;
  /** Installs an npm package with its scripts off into a folder of its own; gives the package's folder. */
  readonly installAside: (name: string, version: string) => Promise<string>;
  /** Whether linters are found by their files, and not named by input. */
  readonly isAuto: boolean;
  /** Versions asked for by input, by package name. */
  readonly wanted: Readonly<Record<string, string>>;
}
