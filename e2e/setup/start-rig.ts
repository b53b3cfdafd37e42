/** One rig for all end-to-end tests of a run; each test keeps to namespaces of its own. */
import type { Rig } from '../../rig/rig.ts';

declare global {
  var gatedDeliveryRig: Rig | undefined;
}

export default async function start(): Promise<void> {
  const { startRig } = await import('../../rig/rig.ts');
  const rig = await startRig({
    istio: true,
    prometheus: true,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  globalThis.gatedDeliveryRig = rig;
  // Test files run in contexts of their own: what they need to know goes through the environment.
  process.env.GD_RIG = JSON.stringify({
    dir: rig.dir,
    binDir: rig.binDir,
    kubeconfig: rig.kubeconfig,
    prometheusUrl: rig.prometheusUrl,
    gatewayUrl: rig.gatewayUrl,
    env: rig.env,
  });
}
