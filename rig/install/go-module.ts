import { notAsLocked } from './not-as-locked.ts';
import { runTool } from './run-tool.ts';

export interface GoModule {
  readonly module: string;
  readonly version: string;
  readonly sum: string;
}

/** Downloads a module into Go's own cache and refuses it when its hash is not the locked one. Returns its folder and go.mod. */
export async function fetchGoModule(
  { module, version, sum }: GoModule,
  signal?: AbortSignal,
): Promise<{ dir: string; goMod: string }> {
  const answer = await runTool(['go', 'mod', 'download', '-json', `${module}@${version}`], {
    signal,
    // Outside of any module: the download itself needs none.
    env: { GOWORK: 'off', GOFLAGS: '-mod=mod' },
    cwd: '/',
  });
  const found = JSON.parse(answer) as { Dir: string; GoMod: string; Sum: string };
  if (found.Sum !== sum) {
    throw notAsLocked(`${module}@${version}`, found.Sum, sum);
  }
  return { dir: found.Dir, goMod: found.GoMod };
}
