import { installTools } from '../../rig/install/install.ts';
import { browserPrograms, ensurePip, ensurePrograms } from '../../rig/install/system-programs.ts';
import { neededTools } from '../../rig/rig-tools.ts';
import { installLintPrograms } from '../support/lint-programs.ts';

const all = { istio: true, prometheus: true, argocd: true, flagger: false, rollouts: false } as const;

/**
 * Installs what any end-to-end test calls, before the first one runs: a tool may take longer to build than a test or
 * its set-up may take, and here the builds run beside each other.
 */
export async function installEverything(log: (line: string) => void): Promise<void> {
  await ensurePrograms(browserPrograms, { log });
  await ensurePip({ log });
  const tools = [...neededTools({ ...all, helm: 4 }), ...neededTools({ ...all, helm: 3 })];
  await installTools([...new Set([...tools, 'trivy', 'act', 'actionlint', 'kubeconform'])], { log });
  installLintPrograms();
}
