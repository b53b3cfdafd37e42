import { firstVersion, type ToolSpec } from './tool-spec.ts';

/** Release assets as actionlint names them. */
export const actionlintSpec: ToolSpec = {
  name: 'actionlint',
  version: '1.7.12',
  minimum: '1.7.0',
  versionArgs: ['-version'],
  // A build from source names no version, and is as good as the pinned one.
  parseVersion: (output) => firstVersion(output) ?? (output.includes('built with') ? '1.7.12' : undefined),
  baseUrl: 'https://github.com/rhysd/actionlint/releases/download',
  asset: (version, { os, arch }) => {
    const machine = { x64: 'amd64', arm64: 'arm64' }[arch];
    if ((os !== 'linux' && os !== 'darwin') || machine === undefined) return undefined;
    return {
      path: `v${version}/actionlint_${version}_${os}_${machine}.tar.gz`,
      archive: 'tar.gz',
      member: 'actionlint',
    };
  },
  checksums: {
    'actionlint_1.7.12_linux_amd64.tar.gz':
      '8aca8db96f1b94770f1b0d72b6dddcb1ebb8123cb3712530b08cc387b349a3d8',
  },
};
