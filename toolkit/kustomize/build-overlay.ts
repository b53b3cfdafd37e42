import { ToolError } from '../action/errors.ts';
import type { ManifestObject } from '../manifests/manifest-object.ts';
import { parseManifests } from '../manifests/parse-manifests.ts';
import type { ProcessPort } from '../process/process.ts';

export interface OverlayBuild {
  readonly process: ProcessPort;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** The objects of an overlay by `kubectl kustomize`; nothing in the cluster is asked. Throws E_RENDER. */
export async function buildOverlay({
  process,
  env,
  cwd,
  folder,
  signal,
}: OverlayBuild): Promise<ManifestObject[]> {
  const argv = ['kubectl', 'kustomize', folder] as const;
  const result = await process.run(argv, { env, cwd, signal, timeoutMs: 120_000 });
  if (result.ended === 'cancelled' && signal.reason instanceof Error) throw signal.reason;
  if (result.code !== 0) {
    throw new ToolError('E_RENDER', `building the overlay ${folder} failed`, {
      argv,
      exitCode: result.code,
      stderrTail: result.stderr.trim().slice(-2_000),
    });
  }
  return parseManifests(result.stdout);
}
