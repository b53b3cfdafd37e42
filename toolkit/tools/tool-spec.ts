/** How one program is found: a pinned release with its checksum, and how its version is asked. */
export interface ToolSpec {
  /** Name of the program, also its name in the tool cache. */
  readonly name: string;
  /** Release that is downloaded when nothing else is found, without a leading `v`. */
  readonly version: string;
  /** Lowest version accepted from PATH when none is asked for by name. */
  readonly minimum: string;
  readonly versionArgs: readonly string[];
  /** Version from what the program prints; undefined when it cannot be told. */
  readonly parseVersion: (output: string) => string | undefined;
  /** Where releases are; an input can point at a mirror with the same layout. */
  readonly baseUrl: string;
  /** The release asset of a version, or undefined when there is none for this machine. */
  readonly asset: (version: string, platform: Platform) => Asset | undefined;
  /** SHA-256 of assets by file name. What is not here needs a checksum by input. */
  readonly checksums: Readonly<Record<string, string>>;
}

export interface Platform {
  readonly os: NodeJS.Platform;
  readonly arch: string;
}

export interface Asset {
  /** Path below the base URL. */
  readonly path: string;
  readonly archive: 'tar.gz' | 'zip' | 'none';
  /** Path of the program inside the archive. */
  readonly member: string;
}

/** First thing in the text that looks like a version. */
export function firstVersion(output: string): string | undefined {
  return /\bv?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.]+)?)/.exec(output)?.[1];
}

/** Compares dotted numbers: negative when `a` is the older. A pre-release counts as its release. */
export function compareVersions(a: string, b: string): number {
  const parts = (version: string): number[] =>
    version
      .replace(/^v/, '')
      .replace(/[-+].*$/, '')
      .split('.')
      .map(Number);
  const [left, right] = [parts(a), parts(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
