import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { tarGz } from './tar.ts';

/** A local OCI registry that can be read from (distribution specification, pull only). */
export interface Registry {
  /** `127.0.0.1:PORT`: what references begin with. */
  readonly host: string;
  /** Puts an artifact of one layer there and gives its digest. */
  publishArtifact(reference: string, artifact: Artifact): string;
  /** Puts an image of one layer there and gives its digest. */
  publishImage(
    reference: string,
    files: Readonly<Record<string, string>>,
    settings?: {
      readonly created?: string;
      /** Lines of the Dockerfile behind the one layer. */ readonly lines?: readonly string[];
    },
  ): string;
  /** From now on everything of this repository is answered with this status; undefined ends it. */
  fail(repository: string, status: number | undefined): void;
  /** `GET /v2/…` as they came. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

export interface Artifact {
  readonly config: string;
  readonly layer: { readonly mediaType: string; readonly title: string; readonly bytes: Buffer };
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json';

/** Starts an empty registry on a free loopback port. */
export async function startRegistry(): Promise<Registry> {
  const blobs = new Map<string, Buffer>();
  const tags = new Map<string, string>();
  const failing = new Map<string, number>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push(`${request.method ?? ''} ${path}`);
    const match = /^\/v2\/(.+)\/(manifests|blobs)\/([^/?]+)$/.exec(path);
    if (match === null) {
      send(response, path === '/v2/' ? 200 : 404, Buffer.from('{}'), 'application/json');
      return;
    }
    const [, repository = '', kind, reference = ''] = match;
    const fault = failing.get(repository);
    if (fault !== undefined) {
      send(response, fault, Buffer.from('{"errors":[{"code":"TOOMANYREQUESTS"}]}'), 'application/json');
      return;
    }
    const digest = reference.startsWith('sha256:') ? reference : tags.get(`${repository}:${reference}`);
    const bytes = digest === undefined ? undefined : blobs.get(digest);
    if (bytes === undefined) {
      send(response, 404, Buffer.from('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}'), 'application/json');
      return;
    }
    response.setHeader('Docker-Content-Digest', digest ?? '');
    send(response, 200, bytes, kind === 'manifests' ? manifestType : 'application/octet-stream');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });

  const add = (bytes: Buffer): { digest: string; size: number } => {
    const digest = sha256(bytes);
    blobs.set(digest, bytes);
    return { digest, size: bytes.length };
  };
  const addManifest = (reference: string, config: object, layer: object): string => {
    const manifest = { schemaVersion: 2, mediaType: manifestType, config, layers: [layer] };
    const { digest } = add(Buffer.from(JSON.stringify(manifest)));
    tags.set(reference, digest);
    return digest;
  };
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    publishArtifact: (reference, { config, layer }) =>
      addManifest(
        reference,
        { mediaType: config, ...add(Buffer.from('{}')) },
        {
          mediaType: layer.mediaType,
          ...add(layer.bytes),
          annotations: { 'org.opencontainers.image.title': layer.title },
        },
      ),
    publishImage: (reference, files, { created = '2026-01-01T00:00:00Z', lines = [] } = {}) => {
      const layer = tarGz(files);
      const config = {
        architecture: 'amd64',
        os: 'linux',
        created,
        config: {},
        rootfs: { type: 'layers', diff_ids: [sha256(gunzipSync(layer))] },
        history: [
          // With the builder's mark, which tells Trivy that it can read the lines.
          { created, created_by: lines.length === 0 ? 'COPY . /' : 'COPY . / # buildkit' },
          ...lines.map((line) => ({ created, created_by: line, empty_layer: true })),
        ],
      };
      return addManifest(
        reference,
        {
          mediaType: 'application/vnd.oci.image.config.v1+json',
          ...add(Buffer.from(JSON.stringify(config))),
        },
        { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...add(layer) },
      );
    },
    fail: (repository, status) => {
      if (status === undefined) failing.delete(repository);
      else failing.set(repository, status);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, status: number, body: Buffer, type: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': body.length });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
