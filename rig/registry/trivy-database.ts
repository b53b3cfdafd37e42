import { boltFile, type Bucket } from './bolt-file.ts';
import type { Artifact } from './registry.ts';
import { tarGz } from './tar.ts';

/** One advisory of a made-up vulnerability database. */
export interface Advisory {
  readonly id: string;
  /** Other ids of it, as Trivy's database keeps them. */
  readonly vendorIds?: readonly string[];
  /** `npm` or an operating system's release such as `alpine 3.20`. */
  readonly ecosystem: string;
  readonly package: string;
  /** Versions that have it, for `npm`. */
  readonly vulnerable?: string;
  /** Empty: no fix. */
  readonly fixed: string;
  readonly severity: 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
  readonly title: string;
}

const grades = ['UNKNOWN', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];
const npmSource = 'npm::GitHub Security Advisory npm';

/** Trivy's vulnerability database (schema 2) of these advisories, as its registry serves it. Times in ms. */
export function trivyDatabase(advisories: readonly Advisory[], updatedAt: number): Artifact {
  const iso = (ms: number): string => new Date(ms).toISOString();
  const metadata = {
    Version: 2,
    NextUpdate: iso(updatedAt + 86_400_000),
    UpdatedAt: iso(updatedAt),
    DownloadedAt: '0001-01-01T00:00:00Z',
  };
  return {
    config: 'application/vnd.aquasec.trivy.config.v1+json',
    layer: {
      mediaType: 'application/vnd.aquasec.trivy.db.layer.v1.tar+gzip',
      title: 'db.tar.gz',
      bytes: tarGz({ 'trivy.db': boltFile(buckets(advisories)), 'metadata.json': JSON.stringify(metadata) }),
    },
  };
}

function buckets(advisories: readonly Advisory[]): Bucket {
  const root: Record<string, Record<string, Buffer | Record<string, Buffer>>> = {};
  const sources: Record<string, Buffer> = {};
  const vulnerabilities: Record<string, Buffer> = {};
  for (const advisory of advisories) {
    const isNpm = advisory.ecosystem === 'npm';
    const name = isNpm ? npmSource : advisory.ecosystem;
    sources[name] = json(
      isNpm
        ? { ID: 'ghsa', Name: 'GitHub Security Advisory npm', URL: 'https://github.com/advisories' }
        : { ID: 'alpine', Name: 'Alpine Secdb', URL: 'https://secdb.alpinelinux.org/' },
    );
    const packages = ((root[name] ??= {})[advisory.package] ??= {}) as Record<string, Buffer>;
    packages[advisory.id] = json({
      VendorIDs: advisory.vendorIds,
      ...(isNpm
        ? {
            VulnerableVersions: [advisory.vulnerable ?? '*'],
            PatchedVersions: advisory.fixed === '' ? [] : [advisory.fixed],
          }
        : { FixedVersion: advisory.fixed }),
    });
    const grade = grades.indexOf(advisory.severity);
    vulnerabilities[advisory.id] = json({
      Title: advisory.title,
      Description: `${advisory.title}, in full.`,
      Severity: advisory.severity,
      VendorSeverity: { nvd: grade, ghsa: grade },
      References: [`https://nvd.example.com/${advisory.id}`],
    });
  }
  return { ...root, 'data-source': sources, vulnerability: vulnerabilities };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
