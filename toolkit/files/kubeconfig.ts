import { UserError } from '../action/errors.ts';
import { parseYaml } from './parse-yaml.ts';

/**
 * The kubeconfig of an input given as YAML or as base64 of it. Throws E_CONFIG when it is neither, or names no cluster.
 */
export function readKubeconfig(input: string): {
  readonly text: string;
  readonly secrets: readonly string[];
} {
  const text = /^[A-Za-z0-9+/=\s]+$/.test(input) ? Buffer.from(input, 'base64').toString('utf8') : input;
  let parsed: unknown;
  try {
    parsed = parseYaml(text);
  } catch {
    throw refused('is not YAML');
  }
  if (!isRecord(parsed) || !Array.isArray(parsed.clusters) || parsed.clusters.length === 0) {
    throw refused('names no cluster');
  }
  return { text, secrets: secretsOf(Array.isArray(parsed.users) ? parsed.users : []) };
}

/** Every text below `users[].user`: tokens, passwords, keys; and what base64 ones decode to. */
function secretsOf(users: readonly unknown[]): string[] {
  const found: string[] = [];
  const walk = (value: unknown, key: string): void => {
    if (typeof value === 'string') {
      if (!/^(token|password|client-key-data|id-token|refresh-token|access-token|client-secret)$/.test(key))
        return;
      found.push(value);
      if (key.endsWith('-data')) found.push(...Buffer.from(value, 'base64').toString('utf8').split('\n'));
    } else if (isRecord(value)) for (const [name, item] of Object.entries(value)) walk(item, name);
    else if (Array.isArray(value)) for (const item of value) walk(item, key);
  };
  for (const user of users) walk(user, '');
  return found.filter((secret) => secret.trim().length >= 3);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(problem: string): UserError {
  return new UserError(
    'E_CONFIG',
    `input 'kubeconfig' ${problem}`,
    'give the text of a kubeconfig, or base64 of it, from a secret',
  );
}
