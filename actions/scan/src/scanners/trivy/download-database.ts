import type { ScanTools } from '../scanner.ts';
import type { DatabasePorts } from './database.ts';

/** Downloads with Trivy itself: it knows the registries' protocol, proxies and the machine's registry credentials. */
export function downloadDatabase(
  tools: Pick<ScanTools, 'trivy' | 'run' | 'emptyDir'>,
): DatabasePorts['download'] {
  return async ({ folder }, cacheDir, mirror) => {
    const { path } = await tools.trivy();
    return tools.run(
      [
        path,
        'image',
        `--download-${folder}-only`,
        `--cache-dir=${cacheDir}`,
        ...(mirror === undefined ? [] : [`--${folder}-repository=${mirror}`]),
        '--skip-version-check',
        '--disable-telemetry',
        '--no-progress',
      ],
      { cwd: tools.emptyDir },
    );
  };
}
