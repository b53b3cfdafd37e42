/** `npm run rig`: starts the environment alone. `-- install [group…]` only installs, `-- stop` ends leftovers. */
import { formatDuration } from '../toolkit/action/duration.ts';
import { describeError } from '../toolkit/action/describe-error.ts';
import { UserError } from '../toolkit/action/errors.ts';
import { parseCommand } from './command.ts';
import { installTools } from './install/install.ts';
import { readToolsLock } from './install/tools-lock.ts';
import { sweepLeftovers } from './processes/state-folder.ts';
import { startRig } from './rig.ts';

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function main(): Promise<number> {
  const tools = readToolsLock();
  const command = parseCommand(process.argv.slice(2), [...new Set(tools.map((tool) => tool.group))]);
  if (command.kind === 'refused') {
    process.stderr.write(`${command.reason}\n`);
    return 2;
  }
  if (command.kind === 'stop') {
    const swept = await sweepLeftovers();
    print(swept === 0 ? 'no rig was left behind' : `${swept} rig(s) ended`);
    return 0;
  }
  if (command.kind === 'install') {
    const names = tools.filter((tool) => command.groups.includes(tool.group)).map((tool) => tool.name);
    await installTools(names, { log: print });
    print(`${names.length} tools are installed`);
    return 0;
  }

  const interruption = new AbortController();
  const interrupted = new Promise<void>((resolve) => {
    interruption.signal.addEventListener('abort', () => {
      resolve();
    });
  });
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      interruption.abort(new UserError('E_CANCELLED', `ended by ${name}`, 'start it again: npm run rig'));
    });
  }
  const startedAt = Date.now();
  const rig = await startRig({ ...command.options, log: print, signal: interruption.signal });
  print(`the rig is up after ${formatDuration(Date.now() - startedAt)}`);
  print(`export KUBECONFIG=${rig.kubeconfig}`);
  print(`export PATH=${rig.binDir}:$PATH`);
  print('Ctrl-C ends it');
  const keepAlive = setInterval(() => undefined, 60_000);
  await interrupted;
  clearInterval(keepAlive);
  await rig.stop();
  print('the rig is down');
  return 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${describeError(error).message}\n`);
    process.exitCode = 1;
  },
);
