import { runAction } from '../../../toolkit/action/run-action.ts';
import { run } from './run.ts';

await runAction({ main: run });
