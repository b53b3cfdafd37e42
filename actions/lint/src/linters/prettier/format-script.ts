/** What the child is told on its standard input. */
export interface FormatRequest {
  /** Folder of the Prettier package. */
  readonly prettier: string;
  /** Paths relative to the child's working folder. */
  readonly files: readonly string[];
  readonly output: string;
  /** What files to leave alone is said in these; they count from their own folder. */
  readonly ignoreFiles: readonly string[];
  /** File of what is known to be formatted, by content; undefined for none. */
  readonly known: string | undefined;
}

/** One line of the child's output file for each file that is not formatted, or could not be. */
export type FormatLine =
  | { readonly kind: 'differs'; readonly file: string; readonly formatted: string }
  | { readonly kind: 'syntax'; readonly file: string; readonly message: string; readonly line: number }
  | { readonly kind: 'config'; readonly file: string; readonly message: string }
  | { readonly kind: 'done'; readonly checked: number };

/**
 * Runs in a child process with the repository's own Prettier and is sent there as text, so it can use nothing from
 * around it. One process for all files, and names travel as JSON: a file name with a line end stays one name.
 */
/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-argument -- the repository's Prettier has no types here */
export async function formatInChild(load: (id: string) => any): Promise<void> {
  const fs = load('node:fs');
  const request = JSON.parse(fs.readFileSync(0, 'utf8'));
  const prettier = load(request.prettier);
  const lines: string[] = [];
  let checked = 0;
  let known = new Set<string | undefined>();
  try {
    known = new Set(JSON.parse(fs.readFileSync(request.known, 'utf8')));
  } catch {
    // Nothing is known yet.
  }
  const before = known.size;
  for (const file of request.files) {
    let options: any;
    try {
      const info = await prettier.getFileInfo(file, {
        ignorePath: request.ignoreFiles,
        resolveConfig: true,
      });
      if (info.ignored || info.inferredParser === null) continue;
      options = { ...(await prettier.resolveConfig(file, { editorconfig: true })), filepath: file };
    } catch (error: any) {
      lines.push(JSON.stringify({ kind: 'config', file, message: String(error?.message ?? error) }));
      continue;
    }
    try {
      const source = fs.readFileSync(file, 'utf8');
      // A plugin may format otherwise tomorrow under the same name: with one nothing is known.
      const id =
        request.known === undefined || options.plugins?.length > 0
          ? undefined
          : load('node:crypto')
              .createHash('sha256')
              .update(JSON.stringify([prettier.version, options, source]))
              .digest('base64');
      if (known.has(id)) {
        checked += 1;
        continue;
      }
      const formatted = await prettier.format(source, options);
      checked += 1;
      if (formatted === source && id !== undefined) known.add(id);
      if (formatted !== source) lines.push(JSON.stringify({ kind: 'differs', file, formatted }));
    } catch (error: any) {
      const line = error?.loc?.start?.line;
      const message = String(error?.message ?? error).split('\n')[0];
      lines.push(
        JSON.stringify({ kind: typeof line === 'number' ? 'syntax' : 'config', file, message, line }),
      );
    }
  }
  lines.push(JSON.stringify({ kind: 'done', checked }));
  if (known.size > before) {
    try {
      fs.mkdirSync(load('node:path').dirname(request.known), { recursive: true });
      fs.writeFileSync(`${request.known}.${process.pid}`, JSON.stringify([...known].slice(-50_000)));
      fs.renameSync(`${request.known}.${process.pid}`, request.known);
    } catch {
      // The next run formats them again.
    }
  }
  fs.writeFileSync(request.output, lines.join('\n'));
}
/* eslint-enable */

/** The child's program text for `node --input-type=commonjs -e`. */
export const formatScript = `(${formatInChild.toString()})(require).catch((error) => { console.error(error); process.exitCode = 2; });`;
