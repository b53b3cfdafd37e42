import { gzipSync } from 'node:zlib';
import { UserError } from '../action/errors.ts';
import * as answers from './answers.ts';
import { readAnswer } from './answers.ts';
import type { Api } from './api.ts';
import type { GitHubPort } from './github-port.ts';

const sarifBytes = 10 * 1024 * 1024;

/** SARIF for code scanning. */
export function sarifSender({ ask, rest, name }: Api): Pick<GitHubPort, 'uploadSarif' | 'getSarifState'> {
  return {
    uploadSarif: ({ commitSha, ref, log }) =>
      ask('uploading SARIF', 'security-events: write', async ({ doing }) => {
        const compressed = gzipSync(log);
        if (compressed.length > sarifBytes) {
          throw new UserError(
            'E_GITHUB',
            `the SARIF log has ${compressed.length} bytes compressed, GitHub takes ${sarifBytes}`,
            'scan less at once, or waive what is known',
          );
        }
        const sarif = compressed.toString('base64');
        const { data } = await rest.codeScanning.uploadSarif({ ...name, commit_sha: commitSha, ref, sarif });
        return readAnswer(answers.sarifReceipt, data, doing).id;
      }),

    getSarifState: (id) =>
      ask('asking for the state of a SARIF upload', 'security-events: read', async ({ doing }) => {
        const { data } = await rest.codeScanning.getSarif({ ...name, sarif_id: id });
        const { processing_status: state, errors } = readAnswer(answers.sarifStatus, data, doing);
        return { state, errors };
      }),
  };
}
