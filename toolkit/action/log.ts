/** The job log. Lines of tools go through `raw`, which a workflow command in their text cannot escape from. */
export interface Log {
  info(message: string): void;
  notice(message: string): void;
  warning(message: string): void;
  error(message: string): void;
  debug(message: string): void;
  /** Output of a tool or of a repository: printed so that `::set-output` and the like in it are not obeyed. */
  raw(line: string): void;
  group<T>(title: string, body: () => Promise<T>): Promise<T>;
}
