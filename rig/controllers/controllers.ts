/**
 * `node controllers.ts SETTINGS`: what watches the cluster on the rig's behalf, in a process of its own, so that a busy or
 * blocked test does not hold it up. Runs until SIGTERM.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProvisioner } from '../cluster/volumes.ts';
import { kubeClient } from '../kube/client.ts';
import type { ControllerSettings } from './settings.ts';

const settings = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as ControllerSettings;
const client = kubeClient(settings.access);
const controller = new AbortController();
process.once('SIGTERM', () => {
  controller.abort();
  process.exit(0);
});

await startProvisioner(client, join(settings.dir, 'volumes'), controller.signal, (line) => {
  process.stdout.write(`${line}\n`);
});
writeFileSync(settings.readyFile, '');
