import type { Scanner } from './scanner.ts';
import { snykCode, snykContainer, snykIac, snykOpenSource } from './snyk/snyk-scanners.ts';
import { sonar } from './sonar/sonar.ts';
import { trivyConfig } from './trivy/trivy-config.ts';
import { trivyFs } from './trivy/trivy-fs.ts';
import { trivyImage } from './trivy/trivy-image.ts';

export const scannerNames = [
  'trivy-config',
  'trivy-fs',
  'trivy-image',
  'snyk-open-source',
  'snyk-container',
  'snyk-iac',
  'snyk-code',
  'sonar',
] as const;

export type ScannerName = (typeof scannerNames)[number];

/** Every scanner there is, in the order of the report. */
export const scanners: readonly Scanner[] = [
  trivyConfig,
  trivyFs,
  trivyImage,
  snykOpenSource,
  snykContainer,
  snykIac,
  snykCode,
  sonar,
];
