import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { ToolError, UserError } from '../../../../../toolkit/action/errors.ts';
import { upwards } from '../../../../../toolkit/files/repository-path.ts';
import { lastLines } from '../../../../../toolkit/findings/ended-by.ts';
import type { Argv } from '../../../../../toolkit/process/process.ts';
import type { ScanTools, ScanTree } from '../scanner.ts';

/** SonarSource's scanner: a script for Node.js. */
export interface SonarScanner {
  readonly script: string;
  readonly version: string;
}

const name = '@sonar/scan';
const manifest = v.object({ version: v.string(), bin: v.record(v.string(), v.string()) });

/** The exact version that was asked for, installed aside; else the repository's own install. */
export async function findSonarScanner(tree: ScanTree, tools: ScanTools): Promise<SonarScanner> {
  const { version, checksum } = tools.inputs.sonar;
  if (version !== '') return installAside(version, checksum, tools);
  for (const dir of upwards(tree.path)) {
    const found = readScanner(join(tree.root, dir, 'node_modules', name), tools);
    if (found !== undefined) return found;
  }
  throw new UserError(
    'E_TOOL',
    `${name} is not installed`,
    `npm install --save-dev ${name}, or set 'sonar-version'`,
  );
}

/** The package archive is checked before it is opened; no package runs a script; the repository has no say in it. */
async function installAside(version: string, checksum: string, tools: ScanTools): Promise<SonarScanner> {
  const dir = tools.scratch('sonar-scanner');
  await mkdir(dir, { recursive: true });
  if (checksum === '') await refuseMirror(dir, tools);
  await npm(
    ['npm', 'pack', '--ignore-scripts', `--pack-destination=${dir}`, `${name}@${version}`],
    dir,
    tools,
  );
  const archive = (await readdir(dir)).find((file) => file.endsWith('.tgz'));
  if (archive === undefined) throw new UserError('E_TOOL', `npm packed no ${name}`, "check 'sonar-version'");
  const digest = createHash('sha256')
    .update(await readFile(join(dir, archive)))
    .digest('hex');
  if (checksum !== '' && digest !== checksum.toLowerCase()) {
    throw new UserError(
      'E_TOOL',
      `${name} ${version} has SHA-256 ${digest}, expected ${checksum}`,
      "check 'sonar-version' and 'sonar-checksum'",
    );
  }
  const install = ['install', `--prefix=${dir}`, '--ignore-scripts', '--no-audit', '--no-fund', '--no-save'];
  await npm(['npm', ...install, '--loglevel=error', `./${archive}`], dir, tools);
  const found = readScanner(join(dir, 'node_modules', name), tools);
  if (found === undefined) throw new UserError('E_TOOL', `npm installed no ${name}`, "check 'sonar-version'");
  return found;
}

/** npm vouches for what its own registry says; whoever has another one, or a mirror, says what is to come. */
async function refuseMirror(dir: string, tools: ScanTools): Promise<void> {
  const scope = name.split('/')[0] ?? '';
  const own = (await npm(['npm', 'config', 'get', `${scope}:registry`], dir, tools)).trim();
  const registry =
    own === 'undefined' ? (await npm(['npm', 'config', 'get', 'registry'], dir, tools)).trim() : own;
  const isNpm = URL.canParse(registry) && new URL(registry).host === 'registry.npmjs.org';
  if (isNpm && tools.inputs.toolMirror === '') return;
  throw new UserError(
    'E_TOOL',
    `${name} would come from a mirror, and no SHA-256 is known to verify it`,
    "give 'sonar-checksum' beside 'sonar-version'",
  );
}

async function npm(argv: Argv, cwd: string, tools: ScanTools): Promise<string> {
  const result = await tools.run(argv, { cwd, env: { ...tools.npmSettings } });
  if (result.code === 0) return result.stdout;
  throw new ToolError('E_TOOL', `${name} cannot be had from npm`, {
    argv,
    exitCode: result.code,
    stderrTail: lastLines([result.stderr], 5),
  });
}

function readScanner(folder: string, tools: ScanTools): SonarScanner | undefined {
  const text = tools.readText(join(folder, 'package.json'));
  if (text === undefined) return undefined;
  const parsed = v.safeParse(manifest, JSON.parse(text));
  const [script] = parsed.success ? Object.values(parsed.output.bin) : [];
  return parsed.success && script !== undefined
    ? { script: join(folder, script), version: parsed.output.version }
    : undefined;
}
