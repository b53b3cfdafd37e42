import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { KubernetesObject } from '../kubernetes/kubernetes.ts';
import { releaseStatuses, type ReleaseRevision, type ReleaseStatus } from './helm.ts';

/** The label selector of Helm's storage Secrets. */
export const helmSecrets = 'owner=helm';

/** A Secret may hold 1 MiB; Helm's API call fails above it, after hooks and CRDs have run. */
export const secretLimitBytes = 1_048_576;

type Json = Record<string, unknown>;

/** Helm's record: base64 (of the Secret) → base64 → gzip → JSON. Throws when it is none. */
export function decodeRelease(data: string): Json {
  const inner = Buffer.from(Buffer.from(data, 'base64').toString('latin1'), 'base64');
  const packed = inner[0] === 0x1f && inner[1] === 0x8b;
  return JSON.parse((packed ? gunzipSync(inner) : inner).toString('utf8')) as Json;
}

/** The reverse of `decodeRelease`. */
export function encodeRelease(release: Json): string {
  const inner = gzipSync(Buffer.from(JSON.stringify(release), 'utf8'), { level: 9 }).toString('base64');
  return Buffer.from(inner, 'latin1').toString('base64');
}

/** Bytes Helm will store for a rendered release: its record, zipped and base64 once. An estimate within some percent. */
export function storedBytes(release: unknown): number {
  return gzipSync(Buffer.from(JSON.stringify(release), 'utf8'), { level: 9 }).toString('base64').length;
}

/** Reads a storage Secret; undefined for one that is not Helm's or is damaged. */
export function readReleaseSecret(secret: KubernetesObject): ReleaseRevision | undefined {
  const data = (secret.data as Record<string, string> | undefined)?.release;
  if (data === undefined || secret.type !== 'helm.sh/release.v1') return undefined;
  let release: Json;
  try {
    release = decodeRelease(data);
  } catch {
    return undefined;
  }
  const info = object(release.info);
  const chart = object(object(release.chart).metadata);
  const manifest = text(release.manifest);
  const values = object(release.config);
  return {
    name: text(release.name),
    namespace: text(release.namespace),
    revision: typeof release.version === 'number' ? release.version : 0,
    status: statusOf(text(info.status)),
    description: text(info.description),
    lastDeployed: text(info.last_deployed),
    chart: text(chart.name),
    chartVersion: text(chart.version),
    appVersion: text(chart.appVersion),
    manifest,
    manifestSha256: sha256(manifest),
    values,
    valuesSha256: sha256(stableJson(values)),
    hooks: (Array.isArray(release.hooks) ? release.hooks : []).map((hook: unknown) => ({
      name: text(object(hook).name),
      kind: text(object(hook).kind),
      events: (Array.isArray(object(hook).events) ? (object(hook).events as unknown[]) : []).map(String),
      manifest: text(object(hook).manifest),
    })),
    applyMethod: text(release.apply_method) || undefined,
    secret: {
      name: secret.metadata.name,
      resourceVersion: secret.metadata.resourceVersion ?? '',
      bytes: Buffer.byteLength(data, 'base64'),
    },
  };
}

/**
 * The merge patch that makes a pending revision a failed one, in record and label, if the Secret is still the version
 * that was read.
 */
export function failedPatch(secret: KubernetesObject, why: string): Json {
  const release = decodeRelease((secret.data as Record<string, string>).release ?? '');
  release.info = { ...object(release.info), status: 'failed', description: why };
  return {
    metadata: { resourceVersion: secret.metadata.resourceVersion, labels: { status: 'failed' } },
    data: { release: encodeRelease(release) },
  };
}

export function isPending(status: ReleaseStatus): boolean {
  return status.startsWith('pending-');
}

/** Hex digest of UTF-8 text. */
export function sha256(content: string): string {
  return createHash('sha256').update(content, 'utf8').digest('hex');
}

/** JSON with sorted keys, so that equal values have equal text. */
export function stableJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stableJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value as Json).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${stableJson(item)}`).join(',')}}`;
  }
  return value === undefined ? 'null' : JSON.stringify(value);
}

function statusOf(status: string): ReleaseStatus {
  return releaseStatuses.find((known) => known === status) ?? 'unknown';
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
