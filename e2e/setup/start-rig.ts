/** Everything the tests call, and one rig for all of them; each test keeps to namespaces of its own. */
import type { Rig } from '../../rig/rig.ts';

declare global {
  var gatedDeliveryRig: Rig | undefined;
}

export default async function start(): Promise<void> {
  const { installEverything } = await import('./install-everything.ts');
  const { startRig } = await import('../../rig/rig.ts');
  const log = (line: string): void => {
    process.stderr.write(`${line}\n`);
  };
  await installEverything(log);
  const rig = await startRig({ istio: true, prometheus: true, log });
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
