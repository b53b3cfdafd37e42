import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseAddresses } from '../cluster/addresses.ts';
import { installTools } from '../install/install.ts';
import { runTool } from '../install/run-tool.ts';
import { startChildren } from '../processes/children.ts';
import { claimStateFolder } from '../processes/state-folder.ts';
import { runPrometheus } from './start-prometheus.ts';

export interface LoadedPrometheus {
  readonly url: string;
  stop(): Promise<void>;
}

/** What cannot be loaded as text (native histograms, stale markers) is sent to it: also into the past, names as they are. */
const receiving = {
  storage: { tsdb: { out_of_order_time_window: '1d' } },
  otlp: { translation_strategy: 'UnderscoreEscapingWithoutSuffixes' },
};

/**
 * Starts a Prometheus of its own that holds exactly the given history: OpenMetrics text with a timestamp (Unix seconds) on
 * every sample and `# EOF` at the end; more may be sent to its OTLP receiver. Throws a ToolError with promtool's words
 * when the text is malformed.
 */
export async function loadPrometheus(
  openMetricsText: string,
  log: (line: string) => void = () => undefined,
): Promise<LoadedPrometheus> {
  const folders = await installTools(['prometheus'], { log });
  const program = (name: string): string => join(folders.get('prometheus') ?? '', name);
  const state = await claimStateFolder();
  const children = startChildren(state.dir);
  const stop = async (): Promise<void> => {
    await children.stopAll(3_000);
    state.release();
  };
  try {
    const folder = join(state.dir, 'prometheus');
    mkdirSync(folder);
    const text = join(folder, 'history.txt');
    writeFileSync(text, openMetricsText);
    await runTool([
      program('promtool'),
      ...['tsdb', 'create-blocks-from', 'openmetrics', '--quiet'],
      ...[text, join(folder, 'data')],
    ]);
    const addresses = await chooseAddresses(state.network);
    const url = await runPrometheus({
      children,
      program: program('prometheus'),
      host: addresses.host,
      port: addresses.port('prometheus'),
      folder,
      config: { global: { scrape_interval: '1h' }, ...receiving },
      flags: ['--web.enable-otlp-receiver'],
    });
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
