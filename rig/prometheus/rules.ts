import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiError } from '../../toolkit/action/errors.ts';

/**
 * Gives the rig's Prometheus a file of alerting or recording rules (YAML with `groups:`) and makes it read it.
 * Throws an ApiError with Prometheus' words when it refuses the file.
 */
export async function loadRules(
  rig: { readonly dir: string; readonly prometheusUrl: string },
  name: string,
  yaml: string,
): Promise<void> {
  const folder = join(rig.dir, 'prometheus/rules');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.yaml`), yaml);
  const answer = await fetch(`${rig.prometheusUrl}/-/reload`, { method: 'POST' });
  const text = await answer.text();
  if (!answer.ok) throw new ApiError('E_PROMETHEUS', text.trim(), { status: answer.status });
}
