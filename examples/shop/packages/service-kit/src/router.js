/** An answer that is an error by intent: its status and message go to the caller. */
export class HttpError extends Error {
  name = 'HttpError';

  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Finds the handler of a request: `routes` is a list of { method, route, handle }. */
export function createRouter(routes) {
  const byPath = new Map();
  for (const entry of routes) {
    const methods = byPath.get(entry.route) ?? new Map();
    byPath.set(entry.route, methods.set(entry.method, entry));
  }

  return (method, path) => {
    const methods = byPath.get(path);
    if (!methods) throw new HttpError(404, `nothing at ${path}`);
    const found = methods.get(method) ?? (method === 'HEAD' ? methods.get('GET') : undefined);
    if (!found) throw new HttpError(405, `${path} takes ${[...methods.keys()].join(', ')}`);
    return found;
  };
}

export function sendJson(response, status, body) {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(text);
}

/** The JSON body of a request, undefined when it is empty; 400 when it is not JSON, 413 above `limit` bytes. */
export async function readJson(request, limit = 16_384) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > limit) throw new HttpError(413, `the body is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  if (size === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new HttpError(400, 'the body is not JSON');
  }
}
