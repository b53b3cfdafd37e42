import { firstVersion, type ToolSpec } from './tool-spec.ts';

/** Release assets as Trivy names them. */
export const trivySpec: ToolSpec = {
  name: 'trivy',
  version: '0.74.0',
  minimum: '0.60.0',
  versionArgs: ['--version'],
  parseVersion: (output) => (/Version:\s*dev/.test(output) ? '0.74.0' : firstVersion(output)),
  baseUrl: 'https://github.com/aquasecurity/trivy/releases/download',
  asset: (version, { os, arch }) => {
    const system = { linux: 'Linux', darwin: 'macOS' }[os as string];
    const machine = { x64: '64bit', arm64: 'ARM64' }[arch];
    if (system === undefined || machine === undefined) return undefined;
    return {
      path: `v${version}/trivy_${version}_${system}-${machine}.tar.gz`,
      archive: 'tar.gz',
      member: 'trivy',
    };
  },
  checksums: {
    'trivy_0.74.0_Linux-64bit.tar.gz': '2ae6fe3ee734b7fdf11335663e18c75ea12dccc76062f09f164a3b0f8be4371a',
    'trivy_0.70.0_Linux-64bit.tar.gz': '8b4376d5d6befe5c24d503f10ff136d9e0c49f9127a4279fd110b727929a5aa9',
    'trivy_0.70.0_Linux-ARM64.tar.gz': '2f6bb988b553a1bbac6bdd1ce890f5e412439564e17522b88a4541b4f364fc8d',
  },
};
