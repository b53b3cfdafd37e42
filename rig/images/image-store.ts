import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import * as v from 'valibot';
import { UserError } from '../../toolkit/action/errors.ts';
import { parseReference } from './reference.ts';

const imageConfig = v.strictObject({
  /** Program and arguments, as a container's entry point. */
  command: v.pipe(v.array(v.string()), v.minLength(1)),
  /** Working directory inside the image. */
  cwd: v.optional(v.string(), '.'),
  /** Variables the image sets; the container's own win. */
  env: v.optional(v.record(v.string(), v.string()), {}),
});

export interface Image {
  /** Folder with the application's files. */
  readonly folder: string;
  /** `sha256:…` of the content. */
  readonly digest: string;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface ImageStore {
  /**
   * Copies a folder that holds `image.json` into the store under `repository:tag`; a tag that exists moves.
   * Resolves with the digest; the image can also be named `repository@digest`.
   */
  publish(reference: string, folder: string): Promise<string>;
  /** What a reference names; undefined when there is no such image. */
  find(reference: string): Image | undefined;
}

/** `<store>/<repository>/<digest>/` holds the files; `<store>/<repository>/<tag>` is a link to it. */
export function imageStore(store: string): ImageStore {
  return {
    publish: (reference, folder) =>
      Promise.resolve().then(() => {
        const { repository, tag } = parseReference(reference);
        readConfig(folder);
        const digest = digestOf(folder);
        const target = join(store, repository, digest);
        if (!existsSync(target)) {
          mkdirSync(dirname(target), { recursive: true });
          const temporary = `${target}.${process.pid}`;
          rmSync(temporary, { recursive: true, force: true });
          cpSync(folder, temporary, { recursive: true, dereference: false, verbatimSymlinks: true });
          renameSync(temporary, target);
        }
        const link = join(store, repository, tag);
        const fresh = `${link}.${process.pid}`;
        rmSync(fresh, { force: true });
        symlinkSync(digest, fresh);
        renameSync(fresh, link);
        return digest;
      }),
    find(reference) {
      const { repository, tag, digest } = parseReference(reference);
      const named = join(store, repository, digest ?? tag);
      if (!existsSync(join(named, 'image.json'))) return undefined;
      const folder = realpathSync(named);
      return { folder, digest: basename(folder), ...readConfig(folder) };
    },
  };
}

function readConfig(folder: string): v.InferOutput<typeof imageConfig> {
  const path = join(folder, 'image.json');
  if (!existsSync(path)) {
    throw new UserError('E_CONFIG', `${folder} has no image.json`, 'add {"command": ["node", "server.js"]}');
  }
  const result = v.safeParse(imageConfig, JSON.parse(readFileSync(path, 'utf8')));
  if (!result.success) throw new UserError('E_CONFIG', `${path}: ${result.issues[0].message}`, 'correct it');
  return result.output;
}

/** SHA-256 over the relative paths and contents of all files, in order; links and times do not count. */
export function digestOf(folder: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`${relative(folder, file)}\0${content.length}\0`).update(content);
  }
  return `sha256:${hash.digest('hex')}`;
}
