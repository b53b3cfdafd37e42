/** Whether a path lies below a folder; `.` holds everything. */
export function isInside(path: string, dir: string): boolean {
  return dir === '.' || path.startsWith(`${dir}/`);
}

/** The folder of a path, `.` at the root. */
export function folderOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at < 0 ? '.' : path.slice(0, at);
}

/** The last part of a path. */
export function nameIn(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `path` as seen from `dir`, which holds it. */
export function below(path: string, dir: string): string {
  return dir === '.' ? path : path.slice(dir.length + 1);
}

/** `path`, which was seen from `dir`, as seen from the root. */
export function above(path: string, dir: string): string {
  return dir === '.' ? path : `${dir}/${path}`;
}

/** The folder and all above it, up to the root of the repository. */
export function upwards(dir: string): string[] {
  return dir === '.' ? ['.'] : [dir, ...upwards(folderOf(dir))];
}
