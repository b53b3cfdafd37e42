import { runAction } from '../../../toolkit/action/run-action.ts';
import { main } from './run.ts';

await runAction({ main });
