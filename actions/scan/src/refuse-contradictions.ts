import { UserError } from '../../../toolkit/action/errors.ts';
import type { Inputs } from './inputs.ts';
import type { ScannerName } from './scanners/table.ts';

/** E_CONFIG for inputs that cannot be meant together: one that would have no effect is a mistake somewhere. */
export function refuseContradictions(inputs: Inputs): void {
  const { images, baseImages, sonar } = inputs;
  for (const name of ['trivy', 'snyk', 'sonar'] as const) refuseChecksum(name, inputs[name]);
  for (const { name, given, scanners } of usedBy(inputs)) {
    if (given && !scanners.some((scanner) => inputs.scanners.includes(scanner))) {
      throw refused(name, `is given, but 'scanners' leaves ${scanners.join(' and ')} out`);
    }
  }
  for (const scanner of ['trivy-image', 'snyk-container'] as const) {
    if (inputs.scanners.includes(scanner) && images.length === 0) {
      throw refused('image', `is needed for ${scanner}`);
    }
  }
  if (baseImages.length > 0 && baseImages.length !== images.length) {
    throw refused('base-image', `names ${baseImages.length} images, 'image' ${images.length}`);
  }
  const strange = [...images, ...baseImages].find((image) => !/^[\w][\w.:/@+-]*$/.test(image));
  if (strange !== undefined) throw refused('image', `has '${strange}', which is no image reference`);
  if (inputs.epssThreshold !== undefined && inputs.epss === '') {
    throw refused('epss-threshold', "is given without 'epss'");
  }
  if (inputs.token === '') {
    if (inputs.uploadSarif) throw refused('upload-sarif', "needs a token in 'github-token'");
    if (inputs.comment === 'true') throw refused('comment', "needs a token in 'github-token'");
  }
  if (inputs.scanners.includes('sonar')) refuseSonarUrl(sonar.hostUrl);
}

/** An E_CONFIG error about an input. */
export function refused(name: string, problem: string): UserError {
  return new UserError(
    'E_CONFIG',
    `input '${name}' ${problem}`,
    `correct '${name}' under 'with:' of the step`,
  );
}

function refuseChecksum(name: string, { version, checksum }: { version: string; checksum: string }): void {
  if (checksum !== '' && !/^[0-9a-f]{64}$/i.test(checksum)) {
    throw refused(`${name}-checksum`, 'is not a SHA-256 (64 hexadecimal digits)');
  }
  if (checksum !== '' && version === '') {
    throw refused(`${name}-checksum`, `is given without '${name}-version'`);
  }
}

/** Tokens are not here: workflows hand them over always. */
function usedBy(inputs: Inputs): { name: string; given: boolean; scanners: readonly ScannerName[] }[] {
  const snyk = ['snyk-open-source', 'snyk-container', 'snyk-iac', 'snyk-code'] as const;
  const image = ['trivy-image', 'snyk-container'] as const;
  return [
    { name: 'charts', given: inputs.charts !== undefined, scanners: ['trivy-config'] },
    { name: 'values', given: inputs.environments.length > 0, scanners: ['trivy-config'] },
    { name: 'image', given: inputs.images.length > 0, scanners: image },
    { name: 'base-image', given: inputs.baseImages.length > 0, scanners: image },
    { name: 'dockerfile', given: inputs.dockerfile !== '', scanners: image },
    { name: 'licenses', given: inputs.licenses, scanners: ['trivy-fs', 'trivy-image'] },
    {
      name: 'database-mirrors',
      given: inputs.databaseMirrors.length > 0,
      scanners: ['trivy-fs', 'trivy-image'],
    },
    { name: 'snyk-org', given: inputs.snyk.org !== '', scanners: snyk },
    { name: 'snyk-monitor', given: inputs.snyk.monitor, scanners: ['snyk-open-source', 'snyk-container'] },
    { name: 'snyk-version', given: inputs.snyk.version !== '', scanners: snyk },
    { name: 'sonar-host-url', given: inputs.sonar.hostUrl !== '', scanners: ['sonar'] },
    { name: 'sonar-project-key', given: inputs.sonar.projectKey !== '', scanners: ['sonar'] },
    { name: 'sonar-version', given: inputs.sonar.version !== '', scanners: ['sonar'] },
  ];
}

function refuseSonarUrl(text: string): void {
  if (text === '') throw refused('sonar-host-url', 'is needed for sonar');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.username !== '') {
    throw refused('sonar-host-url', 'is not an http(s) address without credentials');
  }
}
