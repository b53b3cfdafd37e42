import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { boltFile, type Bucket } from './bolt-file.ts';
import type { Artifact } from './registry.ts';
import { tarGz } from './tar.ts';

/** One advisory of a made-up vulnerability database. */
export interface Advisory {
  readonly id: string;
  /** Other ids of it, as Trivy's database keeps them. */
  readonly vendorIds?: readonly string[];
  /** `npm`, `maven` or an operating system's release such as `alpine 3.20`. */
  readonly ecosystem: string;
  readonly package: string;
  /** Versions that have it, for `npm` and `maven`. */
  readonly vulnerable?: string;
  /** Empty: no fix. */
  readonly fixed: string;
  readonly severity: 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL';
  readonly title: string;
}

const grades = ['UNKNOWN', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];
const sourceOf: Readonly<Record<string, string>> = {
  npm: 'GitHub Security Advisory npm',
  maven: 'GitHub Security Advisory Maven',
};

/** Trivy's vulnerability database (schema 2) of these advisories, as its registry serves it. Times in ms. */
export function trivyDatabase(advisories: readonly Advisory[], updatedAt: number): Artifact {
  const content = { 'trivy.db': boltFile(buckets(advisories)) };
  return artifact('db', content, 2, updatedAt);
}

/** A jar that does not say its name itself, as Trivy's database of Java packages knows it. */
export interface KnownJar {
  /** Hexadecimal. */
  readonly sha1: string;
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
}

/** Trivy's database of Java packages (schema 1), as its registry serves it. Times in ms. */
export function trivyJavaDatabase(jars: readonly KnownJar[], updatedAt: number): Artifact {
  const dir = mkdtempSync(join(tmpdir(), 'gd-java-db-'));
  try {
    const file = join(dir, 'trivy-java.db');
    const database = new DatabaseSync(file);
    database.exec(`
      CREATE TABLE artifacts(id INTEGER PRIMARY KEY, group_id TEXT, artifact_id TEXT);
      CREATE TABLE indices(artifact_id INTEGER, version TEXT, sha1 BLOB, archive_type TEXT);
    `);
    const artifacts = database.prepare('INSERT INTO artifacts VALUES (?, ?, ?)');
    const indices = database.prepare("INSERT INTO indices VALUES (?, ?, ?, 'jar')");
    for (const [id, jar] of jars.entries()) {
      artifacts.run(id, jar.group, jar.artifact);
      indices.run(id, jar.version, Buffer.from(jar.sha1, 'hex'));
    }
    database.close();
    return artifact('javadb', { 'trivy-java.db': readFileSync(file) }, 1, updatedAt);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function artifact(
  name: 'db' | 'javadb',
  content: Readonly<Record<string, Buffer>>,
  schema: number,
  updatedAt: number,
): Artifact {
  const iso = (ms: number): string => new Date(ms).toISOString();
  const metadata = {
    Version: schema,
    NextUpdate: iso(updatedAt + 86_400_000),
    UpdatedAt: iso(updatedAt),
    DownloadedAt: '0001-01-01T00:00:00Z',
  };
  return {
    config: 'application/vnd.aquasec.trivy.config.v1+json',
    layer: {
      mediaType: `application/vnd.aquasec.trivy.${name}.layer.v1.tar+gzip`,
      title: `${name}.tar.gz`,
      bytes: tarGz({ ...content, 'metadata.json': JSON.stringify(metadata) }),
    },
  };
}

function buckets(advisories: readonly Advisory[]): Bucket {
  const root: Record<string, Record<string, Buffer | Record<string, Buffer>>> = {};
  const sources: Record<string, Buffer> = {};
  const vulnerabilities: Record<string, Buffer> = {};
  for (const advisory of advisories) {
    const source = sourceOf[advisory.ecosystem];
    const name = source === undefined ? advisory.ecosystem : `${advisory.ecosystem}::${source}`;
    sources[name] = json(
      source !== undefined
        ? { ID: 'ghsa', Name: source, URL: 'https://github.com/advisories' }
        : { ID: 'alpine', Name: 'Alpine Secdb', URL: 'https://secdb.alpinelinux.org/' },
    );
    const packages = ((root[name] ??= {})[advisory.package] ??= {}) as Record<string, Buffer>;
    packages[advisory.id] = json({
      VendorIDs: advisory.vendorIds,
      ...(source !== undefined
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
