import { runAction } from '../../../toolkit/action/run-action.ts';
import { runnerAnnotations } from '../../../toolkit/findings/runner-annotations.ts';
import { runnerToolCache } from '../../../toolkit/tools/tool-cache.ts';
import { run } from './run.ts';

await runAction({
  main: (ports) => run({ ...ports, annotations: runnerAnnotations, cache: runnerToolCache(ports.env) }),
});
