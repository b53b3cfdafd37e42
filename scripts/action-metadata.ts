import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const root = fileURLToPath(new URL('..', import.meta.url));

export interface ActionMetadata {
  readonly name: string;
  readonly description: string;
  readonly branding: { readonly icon: string; readonly color: string };
  readonly inputs: Readonly<
    Record<string, { description: string; required?: boolean; default?: string | number | boolean }>
  >;
  readonly outputs: Readonly<Record<string, { description: string }>>;
  readonly runs: {
    readonly using: string;
    readonly main: string;
    readonly post?: string;
    readonly 'post-if'?: string;
  };
}

export function readActionMetadata(action: string): ActionMetadata {
  const text = readFileSync(join(root, 'actions', action, 'action.yml'), 'utf8');
  return {
    inputs: {},
    outputs: {},
    ...(parse(text) as Omit<ActionMetadata, 'inputs' | 'outputs'>),
  };
}
