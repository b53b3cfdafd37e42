import { randomBytes } from 'node:crypto';
import { chmodSync, lchownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiError } from '../../toolkit/action/errors.ts';
import { childEnv } from '../../toolkit/process/child-env.ts';
import { installTools } from '../install/install.ts';
import { runTool } from '../install/run-tool.ts';
import { awaitReady } from '../processes/await-ready.ts';
import { startChildren } from '../processes/children.ts';
import { freePort } from '../processes/free-port.ts';
import { claimStateFolder } from '../processes/state-folder.ts';

export interface SonarQube {
  readonly url: string;
  /** A token of the administrator. */
  readonly token: string;
  stop(): Promise<void>;
}

/** The user `nobody` of Linux: SonarQube's search engine refuses to run as root. */
const nobody = 65_534;

/** Starts a real SonarQube server with an empty database; takes minutes and about 2 GB. Needs Java 17 or later. */
export async function startSonarQube(log: (line: string) => void = () => undefined): Promise<SonarQube> {
  const folders = await installTools(['sonarqube'], { log });
  const state = await claimStateFolder();
  const children = startChildren(state.dir);
  // Outside of folders that only root may enter.
  const home = mkdtempSync(join(tmpdir(), 'sonarqube-'));
  const stop = async (): Promise<void> => {
    await children.stopAll(2_000);
    rmSync(home, { recursive: true, force: true });
    state.release();
  };
  try {
    const asRoot = process.getuid?.() === 0;
    chmodSync(home, 0o755);
    await runTool([
      'cp',
      '--recursive',
      join(folders.get('sonarqube') ?? '', 'sonarqube'),
      join(home, 'server'),
    ]);
    if (asRoot) ownByNobody(home);
    const host = `127.${state.network}.255.1`;
    const port = await freePort(host, 9000);
    const server = join(home, 'server');
    const jar = readdirSync(join(server, 'lib')).find((name) => name.startsWith('sonar-application-')) ?? '';
    const settings = {
      'sonar.web.host': host,
      'sonar.web.port': port,
      'sonar.search.host': host,
      'sonar.search.port': await freePort(host, 9001),
      'sonar.es.port': await freePort(host, 9002),
      'sonar.embeddedDatabase.port': await freePort('127.0.0.1', 0),
      // Memory-mapped files would need a kernel setting raised.
      'sonar.search.javaAdditionalOpts': '-Dnode.store.allow_mmap=false',
      'sonar.telemetry.enable': 'false',
      'sonar.updatecenter.activate': 'false',
    };
    const options = Object.entries(settings).map(([name, value]) => `-D${name}=${value}`);
    const drop = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
    const java = ['java', '-jar', join('lib', jar), ...options];
    const [program = 'java', ...rest] = asRoot ? [...drop, ...java] : java;
    const child = await children.spawn({
      name: 'sonarqube',
      argv: [program, ...rest],
      env: { ...childEnv(process.env, 'plain'), HOME: home },
      cwd: server,
    });
    const url = `http://${host}:${port}`;
    const up = async (): Promise<boolean> => {
      const answer = await fetch(`${url}/api/system/status`, { signal: AbortSignal.timeout(2_000) });
      return ((await answer.json()) as { status: string }).status === 'UP';
    };
    await awaitReady(child, up, { timeoutMs: 1_500_000, everyMs: 1_000 });
    return { url, token: await createToken(url), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Replaces the well-known first password and makes a token. */
async function createToken(url: string): Promise<string> {
  const password = `${randomBytes(12).toString('hex')}-Aa1!`;
  const change = { login: 'admin', previousPassword: 'admin', password };
  await post(`${url}/api/users/change_password`, 'admin', change);
  const answer = await post(`${url}/api/user_tokens/generate`, password, { name: 'rig' });
  return (JSON.parse(answer) as { token: string }).token;
}

async function post(url: string, password: string, fields: Record<string, string>): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}` },
    body: new URLSearchParams(fields),
  });
  const text = await response.text();
  if (!response.ok) throw new ApiError('E_TOOL', text.slice(0, 300), { status: response.status });
  return text;
}

function ownByNobody(folder: string): void {
  lchownSync(folder, nobody, nobody);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    lchownSync(join(entry.parentPath, entry.name), nobody, nobody);
  }
}
