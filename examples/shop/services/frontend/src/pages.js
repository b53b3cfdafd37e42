import { readFileSync, readdirSync } from 'node:fs';
import { extname } from 'node:path';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const securityHeaders = {
  'content-security-policy':
    "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/**
 * Reads the public folder once and returns it as routes. What is not in the list does not exist,
 * so no request path ever reaches the file system.
 */
export function loadPages(folder, { environment, version }) {
  const fill = (text) => text.replaceAll('%ENVIRONMENT%', environment).replaceAll('%VERSION%', version);

  return readdirSync(folder).map((name) => {
    const type = types[extname(name)] ?? 'application/octet-stream';
    const raw = readFileSync(new URL(name, folder));
    const body = name === 'index.html' ? Buffer.from(fill(raw.toString('utf8'))) : raw;
    return {
      method: 'GET',
      route: name === 'index.html' ? '/' : `/${name}`,
      handle: (request, response) => {
        response.writeHead(200, {
          'content-type': type,
          'content-length': body.length,
          'cache-control': name === 'index.html' ? 'no-store' : 'public, max-age=60',
          ...securityHeaders,
        });
        response.end(request.method === 'HEAD' ? undefined : body);
      },
    };
  });
}
