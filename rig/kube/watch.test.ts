import { describe, expect, it } from '@jest/globals';
import type { KubeClient } from './client.ts';
import { watchAll, type KubeObject } from './watch.ts';

const object = (name: string, version: string): KubeObject => ({
  metadata: { name, uid: name, resourceVersion: version },
});

/** Answers lists and watches in turn; the last watch stays open. */
function client(lists: KubeObject[][], watches: (string[] | Error)[]): KubeClient & { asked: string[] } {
  const asked: string[] = [];
  const unused = async (): Promise<never> => {
    throw new Error('not asked for');
  };
  return {
    asked,
    ...{
      isReady: unused,
      create: unused,
      apply: unused,
      applyYaml: unused,
      mergePatch: unused,
      delete: unused,
    },
    get: async <T>(path: string) => {
      asked.push(path);
      return { metadata: { resourceVersion: '10' }, items: lists.shift() ?? [] } as T;
    },
    stream: async (path, onLine, signal) => {
      asked.push(path);
      const next = watches.shift();
      if (next instanceof Error) throw next;
      if (next !== undefined) for (const line of next) onLine(line);
      else {
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve);
        });
      }
    },
  };
}
const event = (type: string, what: KubeObject): string => JSON.stringify({ type, object: what });

async function follow(fake: ReturnType<typeof client>, until: (log: string[]) => boolean): Promise<string[]> {
  const log: string[] = [];
  const stop = new AbortController();
  await watchAll(
    fake,
    '/api/v1/pods',
    {
      set: ({ metadata }) => log.push(`set ${metadata.name}@${metadata.resourceVersion}`),
      gone: ({ metadata }) => log.push(`gone ${metadata.name}`),
    },
    stop.signal,
  );
  while (!until(log)) await new Promise((resolve) => setTimeout(resolve, 5));
  stop.abort();
  return log;
}

describe('watching', () => {
  it('tells what is there, what changes and what goes', async () => {
    const fake = client(
      [[object('a', '1')]],
      [
        [
          event('ADDED', object('b', '11')),
          event('MODIFIED', object('a', '12')),
          event('DELETED', object('b', '13')),
        ],
      ],
    );
    const log = await follow(fake, (lines) => lines.includes('gone b'));
    expect(log).toEqual(['set a@1', 'set b@11', 'set a@12', 'gone b']);
    expect(fake.asked[1]).toContain('resourceVersion=10');
  });

  it('goes on from the last version when the connection ends', async () => {
    const fake = client([[]], [[event('BOOKMARK', object('', '20'))], [event('ADDED', object('c', '21'))]]);
    const log = await follow(fake, (lines) => lines.length > 0);
    expect(log).toEqual(['set c@21']);
    expect(fake.asked.slice(1, 3).map((path) => /resourceVersion=(\d+)/.exec(path)?.[1])).toEqual([
      '10',
      '20',
    ]);
  });

  it.each([
    ['the version is too old', [JSON.stringify({ type: 'ERROR', object: { code: 410 } })]],
    ['the server breaks off', new Error('socket hang up')],
  ])('lists again when %s, and notices what went in between', async (_, broken) => {
    const fake = client([[object('a', '1'), object('b', '2')], [object('b', '3')]], [broken]);
    const log = await follow(fake, (lines) => lines.includes('set b@3'));
    expect(log).toEqual(['set a@1', 'set b@2', 'gone a', 'set b@3']);
  });
});
