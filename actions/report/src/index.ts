import { runAction } from '../../../toolkit/action/run-action.ts';
import { runnerAnnotations } from '../../../toolkit/findings/runner-annotations.ts';
import { run } from './run.ts';

await runAction({ main: (ports) => run({ ...ports, annotations: runnerAnnotations }) });
