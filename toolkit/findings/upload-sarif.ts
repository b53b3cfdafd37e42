import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { GitHubContext } from '../action/github-context.ts';
import type { Log } from '../action/log.ts';
import { describeError } from '../action/describe-error.ts';
import type { Clock } from '../clock/clock.ts';
import type { GitHubPort } from '../github/github-port.ts';
import { fitSarif } from '../sarif/fit-sarif.ts';
import type { SarifLog } from '../sarif/sarif-types.ts';

export interface UploadPorts {
  readonly api: Pick<GitHubPort, 'uploadSarif' | 'getSarifState'>;
  readonly github: Pick<GitHubContext, 'sha' | 'ref'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** What GitHub takes of one upload, compressed. */
const maxBytes = 10 * 1024 * 1024;
/** Processing takes seconds; what is not done by then is GitHub's to finish. */
const waits = [1_000, 2_000, 4_000, 8_000];

/**
 * Sends SARIF files to code scanning, one by one, and says what became of each. What is refused is a warning: the
 * verdict is about the code, and a fork's token may not do this. Gives whether all were taken.
 */
export async function uploadSarifFiles(files: readonly string[], ports: UploadPorts): Promise<boolean> {
  let all = true;
  for (const file of files) {
    try {
      await upload(file, ports);
    } catch (error) {
      if (ports.signal.aborted) throw error;
      all = false;
      ports.log.warning(`${basename(file)} is not in code scanning: ${describeError(error).message}`);
    }
  }
  return all;
}

async function upload(file: string, { api, github, clock, log, signal }: UploadPorts): Promise<void> {
  const whole = JSON.parse(await readFile(file, 'utf8')) as SarifLog;
  const fitting = fitSarif(whole, maxBytes, (text) => gzipSync(text).length);
  if (fitting !== whole) log.warning(`${basename(file)} is cut to what code scanning takes`);
  const id = await api.uploadSarif({
    commitSha: github.sha,
    ref: github.ref,
    log: JSON.stringify(fitting),
  });
  for (const wait of waits) {
    const { state, errors } = await api.getSarifState(id);
    if (state === 'complete') {
      log.info(`${basename(file)} is in code scanning`);
      return;
    }
    if (state === 'failed') throw new Error(`GitHub cannot process it: ${errors.join('; ')}`);
    await clock.sleep(wait, signal);
  }
  log.info(`${basename(file)} is sent; code scanning is still processing it`);
}
