import { createServer, type Server } from 'node:net';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { UserError } from '../../toolkit/action/errors.ts';
import { tryLock, unlock } from './file-lock.ts';
import { killIdentified } from './kill-identified.ts';
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts';

/** The second bytes of the loopback networks rigs may use: 127.64.0.0/16 … 127.127.0.0/16. */
const networks = Array.from({ length: 64 }, (_, i) => 64 + i);
/** The port whose socket on 127.N.255.254 is the claim of network N: the kernel gives it to one process only. */
const claimPort = 40_404;

interface Registration {
  readonly owner: ProcessIdentity;
  readonly dir: string;
  /** The folder was made by the rig and goes with it. */
  readonly temporary: boolean;
}

export interface StateFolder {
  readonly dir: string;
  /** The second byte of this rig's own loopback network. */
  readonly network: number;
  /** Gives the network back; removes the folder if it was made here. */
  release(): void;
}

function registry(): string {
  const folder = join(tmpdir(), `gated-delivery-${process.getuid?.() ?? 'user'}`);
  mkdirSync(folder, { recursive: true });
  // Kubeconfigs with tokens live below it.
  chmodSync(folder, 0o700);
  return folder;
}

/** Claims a loopback network and a folder for one rig; first ends what dead rigs left behind. */
export async function claimStateFolder(dir?: string): Promise<StateFolder> {
  await sweepLeftovers();
  if (dir !== undefined && existsSync(dir) && readdirSync(dir).length > 0) {
    throw new UserError(
      'E_CONFIG',
      `the folder ${dir} is not empty`,
      'name a new or empty folder for the rig',
    );
  }
  const folder = registry();
  const start = Math.floor(Math.random() * networks.length);
  for (let i = 0; i < networks.length; i++) {
    const network = networks[(start + i) % networks.length] ?? 64;
    const server = await listen(`127.${network}.255.254`);
    if (server === undefined) continue;
    const path = dir === undefined ? mkdtempSync(join(folder, 'rig-')) : resolve(dir);
    mkdirSync(path, { recursive: true });
    const owner = identify(process.pid);
    if (owner === undefined) throw new Error('/proc is needed: the rig runs on Linux');
    const entry = join(folder, `${network}.json`);
    const registration: Registration = { owner, dir: path, temporary: dir === undefined };
    writeFileSync(entry, JSON.stringify(registration));
    return {
      dir: path,
      network,
      release: () => {
        if (dir === undefined) rmSync(path, { recursive: true, force: true });
        rmSync(entry, { force: true });
        server.close();
      },
    };
  }
  throw new UserError(
    'E_TOOL',
    'all 64 loopback networks are in use by rigs',
    'stop some: npm run rig -- stop',
  );
}

/** Ends the processes of rigs whose owner is dead and removes their folders. Returns how many rigs were swept. */
export async function sweepLeftovers(): Promise<number> {
  const folder = registry();
  let swept = 0;
  for (const name of readdirSync(folder).filter((entry) => /^\d+\.json$/.test(entry))) {
    const path = join(folder, name);
    if (!tryLock(`${path}.sweep`)) continue;
    try {
      const registration = readJson(path) as Registration | undefined;
      if (registration === undefined || isAlive(registration.owner)) continue;
      for (const list of ['processes.json', 'pods.json']) {
        const file = join(registration.dir, list);
        await killIdentified((readJson(file) as ProcessIdentity[] | undefined) ?? []);
        rmSync(file, { force: true });
      }
      if (registration.temporary) rmSync(registration.dir, { recursive: true, force: true });
      rmSync(path, { force: true });
      swept++;
    } finally {
      unlock(`${path}.sweep`);
    }
  }
  return swept;
}

function readJson(path: string): unknown {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function listen(host: string): Promise<Server | undefined> {
  return new Promise((done) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => {
      done(undefined);
    });
    server.listen(claimPort, host, () => {
      server.unref();
      done(server);
    });
  });
}
