export interface PodAddresses {
  take(uid: string): string;
  giveBack(uid: string): void;
}

/**
 * Hands out `prefix`.128.1 … `prefix`.254.254, each to one pod at a time. A returned address is the last to be used again,
 * so that a late request does not reach a stranger.
 */
export function podAddresses(prefix: string): PodAddresses {
  const taken = new Map<string, number>();
  const count = 127 * 254;
  let next = 0;
  return {
    take(uid) {
      const used = new Set(taken.values());
      for (let tries = 0; tries < count; tries++) {
        const index = next;
        next = (next + 1) % count;
        if (used.has(index)) continue;
        taken.set(uid, index);
        return `${prefix}.${128 + Math.floor(index / 254)}.${1 + (index % 254)}`;
      }
      throw new Error('all pod addresses of this rig are in use');
    },
    giveBack: (uid) => {
      taken.delete(uid);
    },
  };
}
