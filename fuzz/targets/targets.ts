import type { Target } from '../target.ts';
import { answers } from './answers.ts';
import { configuration } from './configuration.ts';
import { inputs } from './inputs.ts';
import { tools } from './tools.ts';

/** Every reader of text that comes from outside. */
export const targets: readonly Target[] = [...configuration, ...inputs, ...tools, ...answers];
