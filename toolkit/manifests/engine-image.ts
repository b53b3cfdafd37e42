/** Engines whose data files an older version may not be able to read. */
const engines = [
  'mongo',
  'mongodb',
  'redis',
  'valkey',
  'keydb',
  'rabbitmq',
  'postgres',
  'postgresql',
  'timescaledb',
  'postgis',
  'pgvector',
  'mysql',
  'mariadb',
  'percona',
  'elasticsearch',
  'opensearch',
  'kafka',
  'zookeeper',
  'cassandra',
  'scylla',
  'etcd',
  'clickhouse',
  'influxdb',
  'neo4j',
  'cockroach',
  'couchdb',
  'couchbase',
  'minio',
  'nats',
  'pulsar',
  'consul',
  'vault',
] as const;

/** Images named after an engine that hold no data of it. */
const companions =
  /exporter|metrics|operator|proxy|client|commander|insight|express|admin|ui|shell|backup|agent|init|sidecar|reloader|manager(?!ment)|sentinel/;

export interface ImageParts {
  /** Without registry host, tag and digest: `library/mongo`. */
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

/** Takes an image reference apart: `host:5000/library/mongo:7.0@sha256:…`. */
export function parseImage(image: string): ImageParts {
  const [named = '', digest = ''] = image.split('@');
  const slash = named.lastIndexOf('/');
  const colon = named.indexOf(':', slash + 1);
  const whole = colon === -1 ? named : named.slice(0, colon);
  const [first = '', ...rest] = whole.split('/');
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return {
    repository: hasHost ? rest.join('/') : whole,
    tag: colon === -1 ? '' : named.slice(colon + 1),
    digest,
  };
}

/** The engine an image runs, judged by the last part of its name; undefined for anything else. */
export function engineOf(image: string): string | undefined {
  const name = (parseImage(image).repository.split('/').at(-1) ?? '').toLowerCase();
  const words = name.split(/[-_.]/);
  const rest = words.filter((word) => !(engines as readonly string[]).includes(word)).join('-');
  if (companions.test(rest)) return undefined;
  return engines.find((engine) => words.includes(engine));
}

/** How `to` relates to `from`: `same`, a `down`grade, an `up`grade, or `unknown` when the tags do not say. */
export function compareImages(from: string, to: string): 'same' | 'down' | 'up' | 'unknown' {
  if (from === to) return 'same';
  const before = parseImage(from);
  const after = parseImage(to);
  const a = versionOf(before.tag);
  const b = versionOf(after.tag);
  const sameName = before.repository.split('/').at(-1) === after.repository.split('/').at(-1);
  if (!sameName || a === undefined || b === undefined) return 'unknown';
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const left = a[index];
    const right = b[index];
    // `7` against `7.0.4`: which patch `7` is cannot be known.
    if (left === undefined || right === undefined) return 'unknown';
    if (left !== right) return right < left ? 'down' : 'up';
  }
  // One version with another variant or digest: `7.0.4-alpine`.
  return before.tag === after.tag ? 'unknown' : 'same';
}

/** [7, 0, 4] of `7.0.4-alpine` or `v7.0.4`; undefined for `latest`, a commit or nothing. */
function versionOf(tag: string): number[] | undefined {
  const found = /^v?(\d{1,8}(?:\.\d{1,8}){0,3})(?=$|[-_+])/.exec(tag)?.[1];
  return found?.split('.').map(Number);
}
