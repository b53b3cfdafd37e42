/** `npm run rig`: the environment alone, until Ctrl-C. Other commands: see `parseCommand`. */
import { resolve } from 'node:path';
import { describeError } from '../toolkit/action/describe-error.ts';
import { formatDuration } from '../toolkit/action/duration.ts';
import { UserError, assertNever } from '../toolkit/action/errors.ts';
import { parseCommand, type StartCommand } from './command.ts';
import { imageStore } from './images/image-store.ts';
import { installTools } from './install/install.ts';
import { browserPrograms, ensurePrograms } from './install/system-programs.ts';
import { readToolsLock } from './install/tools-lock.ts';
import { sweepLeftovers } from './processes/state-folder.ts';
import { startRig, type Rig } from './rig.ts';

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    interruption.abort(new UserError('E_CANCELLED', `ended by ${name}`, 'start it again: npm run rig'));
  });
}

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function main(): Promise<number> {
  const tools = readToolsLock();
  const command = parseCommand(process.argv.slice(2), [
    ...new Set(tools.map((tool) => tool.group)),
    'browser',
  ]);
  switch (command.kind) {
    case 'refused':
      process.stderr.write(`${command.reason}\n`);
      return 2;
    case 'stop': {
      const swept = await sweepLeftovers();
      print(swept === 0 ? 'no rig was left behind' : `${swept} left behind, ended now`);
      return 0;
    }
    case 'install': {
      const names = tools.filter((tool) => command.groups.includes(tool.group)).map((tool) => tool.name);
      await installTools(names, { log: print, signal: interruption.signal });
      if (command.groups.includes('browser')) {
        await ensurePrograms(browserPrograms, { log: print, signal: interruption.signal });
      }
      print(
        `installed: ${[...names, ...(command.groups.includes('browser') ? ['chromium'] : [])].join(', ')}`,
      );
      return 0;
    }
    case 'publish': {
      const dir = process.env.RIG_DIR;
      if (dir === undefined)
        throw new UserError('E_CONFIG', 'RIG_DIR is not set', 'copy the exports of the rig');
      print(await imageStore(resolve(dir, 'images')).publish(command.reference, command.folder));
      return 0;
    }
    case 'start':
      return start(command);
    default:
      return assertNever(command);
  }
}

async function start({ helm, dir, bare, parts }: StartCommand): Promise<number> {
  const startedAt = Date.now();
  const rig = await startRig({
    ...parts,
    ...{ helm, istio: !bare, prometheus: !bare, github: !bare, log: print, signal: interruption.signal },
    ...(dir === undefined ? {} : { dir }),
  });
  print(`the rig is up after ${formatDuration(Date.now() - startedAt)}; Ctrl-C ends it`);
  for (const line of exportsOf(rig)) print(line);
  const keepAlive = setInterval(() => undefined, 60_000);
  await new Promise<void>((done) => {
    if (interruption.signal.aborted) done();
    interruption.signal.addEventListener('abort', () => {
      done();
    });
  });
  clearInterval(keepAlive);
  await rig.stop();
  print('the rig is down');
  return 0;
}

function exportsOf(rig: Rig): string[] {
  const values = {
    RIG_DIR: rig.dir,
    KUBECONFIG: rig.kubeconfig,
    PATH: `${rig.binDir}:$PATH`,
    PROMETHEUS_URL: rig.prometheusUrl,
    GATEWAY_URL: rig.gatewayUrl,
    GITHUB_API_URL: rig.github?.url ?? '',
    GITHUB_TOKEN: rig.github?.token ?? '',
  };
  return Object.entries(values)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `export ${name}=${value}`);
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
