import { UserError } from './errors.ts';

/**
 * Turns the runner's SIGINT and SIGTERM into an AbortSignal. A cancelled job gets SIGINT, SIGTERM after 7.5 s
 * and is killed 2.5 s later, so what listens has about 7 s.
 */
export function cancellation(): { signal: AbortSignal; dispose: () => void } {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    if (!controller.signal.aborted) {
      controller.abort(
        new UserError('E_CANCELLED', `cancelled by ${name}`, 'run the job again: it continues safely'),
      );
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    dispose: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
