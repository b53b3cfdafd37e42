import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeClient } from './client.ts';

export interface Meta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly { readonly kind: string; readonly uid: string }[];
}

export interface KubeObject {
  readonly metadata: Meta;
}

export interface WatchHandlers<T extends KubeObject> {
  /** Called with each object that is there or has changed. */
  set(object: T): void;
  /** Called with the last known state of an object that is gone. */
  gone(object: T): void;
}

/**
 * Follows a collection: one list, then one watch from there, again after any break. `path` may carry selectors.
 * Resolves after the first list; what comes later comes until the signal aborts.
 */
export async function watchAll<T extends KubeObject>(
  client: KubeClient,
  path: string,
  handlers: WatchHandlers<T>,
  signal: AbortSignal,
): Promise<void> {
  const known = new Map<string, T>();
  const separator = path.includes('?') ? '&' : '?';

  const list = async (): Promise<string> => {
    const answer = await client.get<{ metadata: { resourceVersion: string }; items?: T[] }>(path);
    const items = answer?.items ?? [];
    const present = new Set(items.map((item) => item.metadata.uid));
    for (const [uid, object] of known) {
      if (present.has(uid)) continue;
      known.delete(uid);
      handlers.gone(object);
    }
    for (const item of items) {
      known.set(item.metadata.uid, item);
      handlers.set(item);
    }
    return answer?.metadata.resourceVersion ?? '0';
  };

  const follow = async (from: string): Promise<void> => {
    let version: string | undefined = from;
    while (!signal.aborted) {
      try {
        version ??= await list();
        const query = `watch=true&allowWatchBookmarks=true&resourceVersion=${version}`;
        await client.stream(
          `${path}${separator}${query}`,
          (line) => {
            const event = JSON.parse(line) as { type: string; object: T };
            if (event.type === 'ERROR') {
              version = undefined;
              return;
            }
            version = event.object.metadata.resourceVersion;
            if (event.type === 'ADDED' || event.type === 'MODIFIED') {
              known.set(event.object.metadata.uid, event.object);
              handlers.set(event.object);
            } else if (event.type === 'DELETED') {
              known.delete(event.object.metadata.uid);
              handlers.gone(event.object);
            }
          },
          signal,
        );
      } catch {
        // The list is asked again: it tells what the watch missed.
        version = undefined;
        await sleep(300, undefined, { signal }).catch(() => undefined);
      }
    }
  };

  void follow(await list());
}
