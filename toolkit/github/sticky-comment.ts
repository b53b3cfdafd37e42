import { cutMarkdown } from '../summary/cut-markdown.ts';

/** GitHub takes 65,536 characters; counted in bytes here, which are never fewer. */
const commentBytes = 65_000;

export interface ExistingComment {
  readonly id: number;
  readonly body: string;
  readonly authorType: string;
  readonly authorAssociation: string;
}

export type StickyPlan =
  | { readonly kind: 'create'; readonly body: string }
  | { readonly kind: 'update'; readonly id: number; readonly body: string }
  | { readonly kind: 'unchanged'; readonly id: number };

/** Decides what to do so that exactly one comment carries the marker and holds what `edit` makes of its present text. */
export function planStickyComment(
  comments: readonly ExistingComment[],
  { marker, edit }: { readonly marker: string; readonly edit: (current: string) => string },
): StickyPlan {
  const [ours] = ownComments(comments, marker);
  const line = markerLine(marker);
  // GitHub stores what it gets, but people's clients send other line ends.
  const current = ours?.body.replaceAll('\r\n', '\n').slice(line.length).trim() ?? '';
  const text = cutMarkdown(edit(current).trim(), commentBytes - line.length);
  if (ours === undefined) return { kind: 'create', body: `${line}\n${text}` };
  return text.trim() === current
    ? { kind: 'unchanged', id: ours.id }
    : { kind: 'update', id: ours.id, body: `${line}\n${text}` };
}

/** Our comments with this marker, the oldest first: that one counts, more are left of jobs that wrote at the same time. */
export function ownComments(comments: readonly ExistingComment[], marker: string): ExistingComment[] {
  const line = markerLine(marker);
  return comments
    .filter((comment) => comment.body.startsWith(line) && mayWrite(comment))
    .sort((a, b) => a.id - b.id);
}

function markerLine(marker: string): string {
  if (!/^[\w/-]+$/.test(marker)) throw new Error(`'${marker}' cannot mark a comment`);
  return `<!-- gated-delivery:${marker} -->`;
}

/** Anybody can post a comment with our marker: one of a stranger is never taken over. */
function mayWrite({ authorType, authorAssociation }: ExistingComment): boolean {
  return authorType === 'Bot' || ['OWNER', 'MEMBER', 'COLLABORATOR'].includes(authorAssociation);
}
