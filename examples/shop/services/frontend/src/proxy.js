import { HttpError } from '@shop/service-kit';
import { request as send } from 'node:http';

/** Passes a request on to the backend, for machines that have no gateway. */
export function createProxy(backendUrl) {
  return (incoming, outgoing) =>
    new Promise((resolve, reject) => {
      const forward = send(
        new URL(incoming.url, backendUrl),
        { method: incoming.method, headers: { ...incoming.headers, connection: 'close' } },
        (answer) => {
          outgoing.writeHead(answer.statusCode, { 'content-type': answer.headers['content-type'] ?? '' });
          answer.pipe(outgoing).once('close', resolve);
        },
      );
      forward.once('error', () => reject(new HttpError(502, 'the backend does not answer')));
      incoming.pipe(forward);
    });
}
