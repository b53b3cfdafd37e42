/** What a SonarQube server answers, as a test wants it, and a scanner that sends nothing. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SonarStandIn {
  readonly url: string;
  /** By path; everything else is a 404. */
  readonly answers: Record<string, unknown>;
  /** `path credential` of every request. */
  readonly asked: string[];
  stop(): void;
}

/** A scanner that only leaves what the real one does behind, for what the server says afterwards; and what it was given. */
export const quickScanner = {
  'node_modules/@sonar/scan/package.json': '{"version":"5.0.1","bin":{"sonar":"scan.cjs"}}',
  'node_modules/@sonar/scan/scan.cjs': `const fs = require('node:fs');
const file = process.argv.find((word) => word.includes('metadataFilePath')).split('=')[1];
fs.writeFileSync(file, 'projectKey=shop\\nceTaskId=T1\\nceTaskUrl=http://elsewhere.example/api/ce/task?id=T1\\n');
const read = (name) => fs.readFileSync('/proc/self/' + name, 'utf8').split('\\0');
fs.writeFileSync('given.json', JSON.stringify({ argv: read('cmdline'), env: read('environ') }));
`,
};

/** A server of the developer edition whose analysis succeeded, whose gate is passed and that found nothing. */
export async function startSonarStandIn(): Promise<SonarStandIn> {
  const asked: string[] = [];
  const answers: Record<string, unknown> = {
    '/api/navigation/global': { edition: 'developer' },
    '/api/ce/task': { task: { status: 'SUCCESS', analysisId: 'A1' } },
    '/api/qualitygates/project_status': { projectStatus: { status: 'OK', conditions: [] } },
    '/api/issues/search': { paging: { total: 0 }, issues: [] },
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    asked.push(`${request.url ?? ''} ${request.headers.authorization ?? 'no token'}`);
    const answer = answers[path];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { errors: [{ msg: `unknown ${path}` }] }));
  });
  return {
    url: await listen(server),
    answers,
    asked,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Has a server listen on a free loopback port; gives its address. */
export function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}
