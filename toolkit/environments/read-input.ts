/** The `environments` input is YAML when it looks like a list, and else a path. */
export function environmentsInput(
  input: string,
): { kind: 'inline'; text: string } | { kind: 'file'; path: string } {
  return /^\s*([-[#]|\n)/.test(input) || input.includes('\n')
    ? { kind: 'inline', text: input }
    : { kind: 'file', path: input };
}
