export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** Reads GITHUB_OUTPUT and GITHUB_STATE: `name=value` lines and `name<<DELIMITER` blocks. */
export function parseCommandFile(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    const block = /^([^=]+?)<<(.+)$/.exec(line);
    if (block) {
      const [, name = '', delimiter] = block;
      const body: string[] = [];
      for (i += 1; i < lines.length && lines[i] !== delimiter; i += 1) body.push(lines[i] ?? '');
      values[name] = body.join('\n');
    } else if (line.includes('=')) {
      values[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1);
    }
  }
  return values;
}

/** The commands that the runner knows besides `stop-commands`; it reads their names in any case. */
const known = [
  ...['set-env', 'set-output', 'save-state', 'add-mask', 'add-path', 'add-matcher', 'remove-matcher'],
  ...['debug', 'notice', 'warning', 'error', 'group', 'endgroup', 'echo'],
];

/** Reads the commands of a log by the rules of actions/runner, obeying `stop-commands`. */
export function parseCommands(log: string): WorkflowCommand[] {
  const commands: WorkflowCommand[] = [];
  let stopped: string | undefined;
  for (const line of log.split(/\r\n|\r|\n/)) {
    const names = [...known, 'stop-commands', ...(stopped === undefined ? [] : [stopped])];
    const command = parseColons(line, names) ?? parseBracket(line, names);
    if (command === undefined) continue;
    if (stopped !== undefined) {
      if (command.name === stopped) stopped = undefined;
    } else if (command.name === 'stop-commands') stopped = command.message.toLowerCase();
    else commands.push(command);
  }
  return commands;
}

/** `::name key=value,key=value::message` after white space, to which .NET counts U+0085 and not U+FEFF. */
function parseColons(line: string, names: readonly string[]): WorkflowCommand | undefined {
  const match = /^(?:\u0085|[^\S\ufeff])*::(.*?)::(.*)$/su.exec(line);
  if (match === null) return undefined;
  return toCommand(match[1] ?? '', match[2] ?? '', names, ',');
}

/** `##[name key=value;key=value]message` anywhere in the line; only the first one counts. */
function parseBracket(line: string, names: readonly string[]): WorkflowCommand | undefined {
  const match = /##\[(.*?)\](.*)$/su.exec(line);
  if (match === null) return undefined;
  return toCommand(match[1] ?? '', match[2] ?? '', names, ';');
}

function toCommand(
  head: string,
  message: string,
  names: readonly string[],
  separator: ',' | ';',
): WorkflowCommand | undefined {
  const [first = '', ...rest] = head.split(' ');
  const name = first.toLowerCase();
  if (!names.includes(name)) return undefined;
  return { name, properties: parseProperties(rest.join(' '), separator), message: unescape(message) };
}

function parseProperties(text: string, separator: ',' | ';'): Record<string, string> {
  const pairs = text.split(separator).filter((pair) => pair.includes('='));
  return Object.fromEntries(
    pairs.map((pair) => [
      pair.slice(0, pair.indexOf('=')).trim(),
      unescape(pair.slice(pair.indexOf('=') + 1)),
    ]),
  );
}

function unescape(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%3B', ';')
    .replaceAll('%5D', ']')
    .replaceAll('%25', '%');
}
