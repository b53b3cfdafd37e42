import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { imageStore, type ImageStore } from '../images/image-store.ts';
import type { KubeClient } from '../kube/client.ts';
import { startChildren, type Children } from '../processes/children.ts';
import type { Pod } from './pod.ts';
import type { PodStatus } from './pod-status.ts';
import { runPod } from './run-pod.ts';

/** Remembers the latest status and which objects are there. */
function fakeCluster() {
  const statuses: PodStatus[] = [];
  const objects = new Map<string, unknown>();
  const deleted: [string, unknown][] = [];
  const client: KubeClient = {
    isReady: async () => true,
    get: async () => undefined,
    create: async () => undefined,
    apply: async (path, body) => void objects.set(path, body),
    applyYaml: async () => undefined,
    mergePatch: async (_, body) => void statuses.push((body as { status: PodStatus }).status),
    delete: async (path, options) => {
      objects.delete(path);
      deleted.push([path, options]);
    },
    stream: async () => undefined,
  };
  return { client, statuses, objects, deleted };
}

const entryPath = '/apis/networking.istio.io/v1/namespaces/shop/workloadentries/p';
const podPath = '/api/v1/namespaces/shop/pods/p';
let folder = '';
let children: Children;
let images: ImageStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pods-'));
  children = startChildren(folder);
  images = imageStore(join(folder, 'images'));
});
afterEach(async () => {
  await children.stopAll(0);
});

async function publish(script: string): Promise<void> {
  const app = mkdtempSync(join(tmpdir(), 'app-'));
  writeFileSync(join(app, 'app.sh'), script);
  writeFileSync(join(app, 'image.json'), JSON.stringify({ command: ['sh', 'app.sh'] }));
  await images.publish('app:1', app);
}

function pod(more: Partial<Pod['spec']> = {}): Pod {
  return {
    metadata: { name: 'p', namespace: 'shop', uid: 'u', resourceVersion: '1', labels: { app: 'shop' } },
    spec: {
      containers: [{ name: 'app', image: 'app:1', ports: [{ name: 'http', containerPort: 3000 }] }],
      ...more,
    },
  };
}

function start(what: Pod) {
  const cluster = fakeCluster();
  const deps = { images, children, hostIP: '127.70.255.1', istio: true, log: () => undefined };
  const running = runPod(what, '127.70.128.1', {
    ...deps,
    client: cluster.client,
    logs: join(folder, 'pods'),
  });
  return { ...cluster, running };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
const container = (status: PodStatus | undefined) =>
  (
    status?.containerStatuses as { restartCount: number; state: object; lastState: object }[] | undefined
  )?.[0];

describe('a pod as processes', () => {
  it('becomes ready, is known to istiod, and goes politely when it is deleted', async () => {
    await publish('trap "echo bye; exit 0" TERM; echo on $HOST; while :; do sleep 0.05; done');
    const { statuses, objects, deleted, running } = start(pod());
    await until(() => objects.has(entryPath));
    expect(objects.get(entryPath)).toMatchObject({
      spec: { address: '127.70.128.1', labels: { app: 'shop' }, ports: { http: 3000 } },
    });
    await until(() => statuses.at(-1)?.phase === 'Running');
    const log = join(folder, 'pods/shop/p/app.log');
    await until(() => readFileSync(log, 'utf8') !== '');
    const metadata = { ...pod().metadata, deletionTimestamp: 'now', deletionGracePeriodSeconds: 30 };
    running.update({ ...pod(), metadata });
    await until(() => deleted.some(([path]) => path === podPath));
    expect(deleted.map(([path]) => path)).toEqual([entryPath, podPath]);
    expect(deleted[1]?.[1]).toEqual({ gracePeriodSeconds: 0, preconditions: { uid: 'u' } });
    expect(readFileSync(log, 'utf8')).toMatch(/^on 127\.70\.128\.1\n(.*\n)?bye\n$/);
  });

  it('is restarted at once, then with a growing wait that its status names', async () => {
    await publish('exit 3');
    const { statuses, running } = start(pod());
    await until(() => JSON.stringify(statuses.at(-1) ?? '').includes('CrashLoopBackOff'));
    expect(container(statuses.at(-1))).toMatchObject({
      restartCount: 1,
      state: { waiting: { message: 'back-off 2s restarting failed container=app pod=p' } },
      lastState: { terminated: { exitCode: 3, reason: 'Error' } },
    });
    await running.kill();
  });

  it('waits for an image that is not there, and starts when it comes', async () => {
    const { statuses, running } = start(pod());
    await until(() => JSON.stringify(statuses.at(-1) ?? '').includes('ImagePullBackOff'));
    expect(statuses.at(-1)?.phase).toBe('Pending');
    await publish('sleep 600');
    await until(() => statuses.at(-1)?.phase === 'Running');
    await running.kill();
  });

  it('runs init containers first and a job’s containers once', async () => {
    await publish('echo $0 $*');
    const { statuses } = start(
      pod({
        restartPolicy: 'Never',
        initContainers: [{ name: 'init', image: 'app:1', args: ['first'] }],
        containers: [{ name: 'app', image: 'app:1', args: ['second'] }],
      }),
    );
    await until(() => statuses.at(-1)?.phase === 'Succeeded');
    expect(readFileSync(join(folder, 'pods/shop/p/init.log'), 'utf8')).toBe('app.sh first\n');
    expect(readFileSync(join(folder, 'pods/shop/p/app.log'), 'utf8')).toBe('app.sh second\n');
  });

  it('is killed over its memory limit', async () => {
    await publish('exec node -e "const hog = []; setInterval(() => hog.push(Buffer.alloc(2e7, 1)), 5)"');
    const limits = { memory: '90Mi' };
    const { statuses, running } = start(
      pod({ containers: [{ name: 'app', image: 'app:1', resources: { limits } }] }),
    );
    await until(() => JSON.stringify(statuses.at(-1) ?? '').includes('OOMKilled'));
    expect(JSON.stringify(container(statuses.at(-1)))).toContain('"exitCode":137');
    await running.kill();
  });

  it('tells its status again when the API server did not take it', async () => {
    await publish('sleep 600');
    const { client, statuses, running } = start(pod());
    const willing = { ...client };
    client.mergePatch = () => Promise.reject(new Error('too busy'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    statuses.length = 0;
    Object.assign(client, willing);
    await until(() => statuses.at(-1)?.phase === 'Running');
    await running.kill();
  });

  it('waits with a reason when a ConfigMap it names is missing', async () => {
    await publish('sleep 600');
    const envFrom = [{ configMapRef: { name: 'gone' } }];
    const { statuses, running } = start(pod({ containers: [{ name: 'app', image: 'app:1', envFrom }] }));
    await until(() => JSON.stringify(statuses.at(-1) ?? '').includes('configmap \\"gone\\" not found'));
    await running.kill();
  });
});
