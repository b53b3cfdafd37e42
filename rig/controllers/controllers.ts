/**
 * `node controllers.ts SETTINGS`: what watches the cluster on the rig's behalf, in a process of its own, so that a busy or
 * blocked test does not hold it up. Runs until SIGTERM.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProvisioner } from '../cluster/volumes.ts';
import { kubeClient } from '../kube/client.ts';
import { imageStore } from '../images/image-store.ts';
import { startLogServer } from '../pods/log-server.ts';
import { startPodRunner } from '../pods/pod-runner.ts';
import { startChildren } from '../processes/children.ts';
import type { ControllerSettings } from './settings.ts';

const settings = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as ControllerSettings;
const client = kubeClient(settings.access);
const controller = new AbortController();
const children = startChildren(settings.dir, 'pods');
const log = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
process.once('SIGTERM', () => {
  controller.abort();
  void children.stopAll(1_000).then(() => process.exit(0));
});

await startProvisioner(client, join(settings.dir, 'volumes'), controller.signal, log);
const host = `${settings.prefix}.255.1`;
const logs = join(settings.dir, 'pods');
const certificates = join(settings.dir, 'certificates');
await startLogServer({
  ...{ host, port: settings.kubeletPort, logs },
  certificate: readFileSync(join(certificates, 'apiserver.crt'), 'utf8'),
  key: readFileSync(join(certificates, 'apiserver.key'), 'utf8'),
});
const pods = {
  ...{ client, children, log },
  images: imageStore(join(settings.dir, 'images')),
  logs,
  hostIP: host,
  istio: settings.istio,
};
await startPodRunner(pods, settings.prefix, controller.signal);
writeFileSync(settings.readyFile, '');
