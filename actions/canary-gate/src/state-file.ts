import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';

const schema = v.object({
  version: v.literal(1),
  fingerprint: v.string(),
  sinceMs: v.number(),
  steps: v.array(v.object({ weight: v.number(), atMs: v.number() })),
  decided: v.boolean(),
});

/** All that Prometheus cannot give back: when the canary began and when which weight was set. */
export type WatchState = v.InferOutput<typeof schema>;

export interface StatePort {
  readonly load: () => Promise<WatchState | undefined>;
  readonly save: (state: WatchState) => Promise<void>;
}

/** Keeps the state as `state.json` in the report's folder; a file of another run or a broken one is ignored. */
export function stateFile(folder: string, fingerprint: string): StatePort {
  const path = join(folder, 'state.json');
  return {
    load: async () => {
      try {
        const parsed = v.safeParse(schema, JSON.parse(await readFile(path, 'utf8')));
        const state = parsed.success ? parsed.output : undefined;
        return state?.fingerprint === fingerprint && !state.decided ? state : undefined;
      } catch {
        return undefined;
      }
    },
    save: async (state) => {
      await mkdir(folder, { recursive: true });
      // Written beside and moved: a runner that dies in between leaves the old state whole.
      await writeFile(`${path}.new`, `${JSON.stringify(state, null, 1)}\n`);
      await rename(`${path}.new`, path);
    },
  };
}
