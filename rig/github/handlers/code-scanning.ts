import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { complete } from '../complete.ts';
import type { SarifUpload } from '../state.ts';
import { Refusal, byId, textOf, type Handlers } from './call.ts';

const limits = { compressedBytes: 10 * 1024 * 1024, runs: 20, results: 25_000 };

interface Log {
  readonly version?: unknown;
  readonly runs?: readonly {
    readonly tool?: { readonly driver?: { readonly name?: unknown } };
    readonly results?: readonly unknown[];
    readonly automationDetails?: { readonly id?: string };
  }[];
}

function decode(text: string): Log {
  const compressed = Buffer.from(text, 'base64');
  if (compressed.length > limits.compressedBytes) throw new Refusal(413, 'Payload too large');
  try {
    return JSON.parse(gunzipSync(compressed).toString('utf8')) as Log;
  } catch {
    throw new Refusal(400, 'The SARIF file is not gzip-compressed and base64-encoded JSON');
  }
}

/** What GitHub finds out after it has taken the file. */
function processingErrors({ version, runs = [] }: Log): string[] {
  const errors: string[] = [];
  if (version !== '2.1.0') errors.push('SARIF version must be 2.1.0');
  if (runs.length > limits.runs)
    errors.push(`rejecting SARIF, as there are more runs than allowed (${runs.length} > ${limits.runs})`);
  for (const [index, run] of runs.entries()) {
    if (typeof run.tool?.driver?.name !== 'string') errors.push(`runs[${index}].tool.driver.name is missing`);
    if (run.results === undefined) errors.push(`runs[${index}].results is missing`);
    const count = run.results?.length ?? 0;
    if (count > limits.results)
      errors.push(
        `rejecting SARIF, as there are more results per run than allowed (${count} > ${limits.results})`,
      );
  }
  return errors;
}

export const codeScanning: Handlers = {
  'code-scanning/upload-sarif': (call) => {
    const log = decode(textOf(call.body, 'sarif') ?? '');
    const errors = processingErrors(log);
    const upload: SarifUpload = {
      id: randomUUID(),
      commitSha: textOf(call.body, 'commit_sha') ?? '',
      ref: textOf(call.body, 'ref') ?? '',
      category: log.runs?.[0]?.automationDetails?.id,
      log,
      status: errors.length > 0 ? 'failed' : 'complete',
      errors,
    };
    call.repository.sarifs.push(upload);
    const url = `${call.url}/repos/${call.repository.fullName}/code-scanning/sarifs/${upload.id}`;
    return { status: 202, body: { id: upload.id, url } };
  },

  'code-scanning/get-sarif': (call) => {
    const upload = byId(call.repository.sarifs, call.params.sarif_id);
    const analyses = `${call.url}/repos/${call.repository.fullName}/code-scanning/analyses?sarif_id=${upload.id}`;
    return {
      status: 200,
      body: complete('code-scanning-sarifs-status', {
        processing_status: upload.status,
        analyses_url: upload.status === 'complete' ? analyses : null,
        errors: upload.errors.length > 0 ? upload.errors : null,
      }),
    };
  },
};
