/**
 * The line of a template that most likely rendered to `cause`: the first rendered line that the template holds
 * literally exactly once. 1 when there is none.
 */
export function placeOfRendered(template: string | undefined, cause: readonly string[]): number {
  if (template === undefined) return 1;
  const lines = template.split('\n').map((line) => line.trim());
  for (const rendered of cause) {
    const text = rendered.trim();
    const first = lines.indexOf(text);
    if (text !== '' && first >= 0 && lines.lastIndexOf(text) === first) return first + 1;
  }
  return 1;
}
