import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SeenEnvironments {
  /** PATH on which the programs write down their environment before they do their work. */
  readonly path: string;
  /** What all of them saw, `NAME=value` a line; '' when none was started. */
  read(program: string): string;
}

/** Stands in front of these programs of a PATH, below a folder of the test. */
export function seeEnvironments(programs: readonly string[], path: string, dir: string): SeenEnvironments {
  const bin = join(dir, 'watched-bin');
  mkdirSync(bin, { recursive: true });
  const fileOf = (program: string): string => join(dir, `environment-of-${program}`);
  for (const program of programs) {
    const script = `#!/bin/sh\ntr '\\0' '\\n' < /proc/self/environ >> '${fileOf(program)}'\nPATH='${path}' exec ${program} "$@"\n`;
    writeFileSync(join(bin, program), script);
    chmodSync(join(bin, program), 0o755);
  }
  return {
    path: `${bin}:${path}`,
    read: (program) => (existsSync(fileOf(program)) ? readFileSync(fileOf(program), 'utf8') : ''),
  };
}
