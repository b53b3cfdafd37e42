import { firstVersion, type ToolSpec } from './tool-spec.ts';

/** Binaries of the Snyk CLI as its project names them. None is compiled in: a download needs version and checksum. */
export const snykSpec: ToolSpec = {
  name: 'snyk',
  version: '1.1100.0',
  minimum: '1.1000.0',
  versionArgs: ['--version'],
  parseVersion: firstVersion,
  baseUrl: 'https://downloads.snyk.io/cli',
  asset: (version, { os, arch }) => {
    const system = { linux: 'linux', darwin: 'macos' }[os as string];
    const machine = { x64: '', arm64: '-arm64' }[arch];
    if (system === undefined || machine === undefined) return undefined;
    return { path: `v${version}/snyk-${system}${machine}`, archive: 'none', member: 'snyk' };
  },
  checksums: {},
};
