import { actions } from './actions.ts';
import type { Handlers } from './call.ts';
import { checks } from './checks.ts';
import { codeScanning } from './code-scanning.ts';
import { comments } from './comments.ts';
import { commits } from './commits.ts';
import { compare } from './compare.ts';
import { deployments } from './deployments.ts';
import { environments } from './environments.ts';
import { pulls } from './pulls.ts';
import { statuses } from './statuses.ts';

/** Operation id → what answers it. */
export const handlers: Handlers = {
  ...actions,
  ...checks,
  ...codeScanning,
  ...comments,
  ...commits,
  ...compare,
  ...deployments,
  ...environments,
  ...pulls,
  ...statuses,
};
