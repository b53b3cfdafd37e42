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

/** Decides what to do so that exactly one comment carries the marker and holds `body`. */
export function planStickyComment(
  comments: readonly ExistingComment[],
  { marker, body }: { readonly marker: string; readonly body: string },
): StickyPlan {
  const line = markerLine(marker);
  const text = `${line}\n${cutMarkdown(body.trim(), commentBytes - line.length)}`;
  const ours = comments.find((comment) => comment.body.startsWith(line) && mayWrite(comment));
  if (ours === undefined) return { kind: 'create', body: text };
  // GitHub stores what it gets, but people's clients send other line ends.
  const same = ours.body.replaceAll('\r\n', '\n').trim() === text.trim();
  return same ? { kind: 'unchanged', id: ours.id } : { kind: 'update', id: ours.id, body: text };
}

function markerLine(marker: string): string {
  if (!/^[\w/-]+$/.test(marker)) throw new Error(`'${marker}' cannot mark a comment`);
  return `<!-- gated-delivery:${marker} -->`;
}

/** Anybody can post a comment with our marker: one of a stranger is never taken over. */
function mayWrite({ authorType, authorAssociation }: ExistingComment): boolean {
  return authorType === 'Bot' || ['OWNER', 'MEMBER', 'COLLABORATOR'].includes(authorAssociation);
}
