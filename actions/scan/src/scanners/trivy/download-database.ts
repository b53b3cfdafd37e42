import type { ScanTools } from '../scanner.ts';
import type { DatabasePorts } from './database.ts';

/** Downloads with Trivy itself: it knows the registries' protocol, proxies and the machine's registry credentials. */
export function downloadDatabase(
  tools: Pick<ScanTools, 'trivy' | 'run' | 'emptyDir'>,
): DatabasePorts['download'] {
  return async (cacheDir, mirror) => {
    const { path } = await tools.trivy();
    return tools.run(
      [
        path,
        'image',
        '--download-db-only',
        `--cache-dir=${cacheDir}`,
        ...(mirror === undefined ? [] : [`--db-repository=${mirror}`]),
        '--skip-version-check',
        '--disable-telemetry',
        '--no-progress',
      ],
      { cwd: tools.emptyDir },
    );
  };
}
