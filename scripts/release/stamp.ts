export interface Stamp {
  /** `owner/name` the references get. */
  readonly repository: string;
  /** Full commit SHA; a tag or branch only for a local try. */
  readonly ref: string;
  /** The commit of called workflows where it is another one; a commit cannot name itself. */
  readonly workflowRef?: string;
  /** For servers that refuse `concurrency.queue`: the newest waiting deploy drops the one before it there. */
  readonly withoutQueue?: boolean;
}

const reference = /^(?<lead>\s*(?:-\s+)?uses:\s*)(?<quote>['"]?)\$\/(?<path>[^\s'"#@]+)\k<quote>(?<rest>.*)$/;
const sibling =
  /^(?<lead>\s*uses:\s*)(?<quote>['"]?)\.\/(?<path>\.github\/workflows\/[^\s'"#@]+)\k<quote>(?<rest>.*)$/;

/**
 * A workflow or action file in the form every runner understands: `$/actions/x` ("this repository at the running
 * commit") becomes `owner/name/actions/x@ref`, and so do calls of sibling workflows by `./`, which a runner that
 * resolves them in the caller's repository would not find. Throws on a `$/` that stands where it cannot be stamped.
 */
export function stampReferences(
  text: string,
  { repository, ref, workflowRef = ref, withoutQueue = false }: Stamp,
): string {
  const kept = text.split('\n').filter((line) => !(withoutQueue && /^\s+queue: max$/.test(line)));
  const lines = kept.map((line) => {
    const { lead, path, rest } = (reference.exec(line) ?? sibling.exec(line))?.groups ?? {};
    if (lead === undefined || path === undefined) return line;
    const at = path.startsWith('.github/workflows/') ? workflowRef : ref;
    return `${lead}${repository}/${path}@${at}${rest ?? ''}`;
  });
  const left = lines.findIndex((line) => /^[^#]*\buses:[^#]*\$\//.test(line));
  if (left !== -1) throw new Error(`line ${left + 1} cannot be stamped: ${lines[left]?.trim() ?? ''}`);
  return lines.join('\n');
}

/** Refuses what would make a release that moves: anything but a full commit SHA. */
export function requireCommit(ref: string): string {
  if (!/^[0-9a-f]{40}$/.test(ref)) throw new Error(`'${ref}' is no full commit SHA`);
  return ref;
}
