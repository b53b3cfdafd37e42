import { trivyConfig } from './trivy/trivy-config.ts';
import { trivyFs } from './trivy/trivy-fs.ts';

/** Every scanner there is, in the order of the report. */
export const scanners = [trivyConfig, trivyFs] as const;

export type ScannerName = (typeof scanners)[number]['name'];
