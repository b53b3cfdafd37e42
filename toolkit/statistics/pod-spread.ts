/** How far the arms' levels may be apart because their pods are not alike. */
export interface PodSpread {
  /** Standard error of the difference of the arms' mean logarithms, from what pods of one arm differ by. */
  readonly error: number;
  /** Pods of both arms, less two; 0: nothing is known of how pods differ. */
  readonly freedom: number;
}

export interface PodSpreadEstimate {
  /** Folds in one reading per pod of each arm. */
  add(canary: ReadonlyMap<string, number>, stable: ReadonlyMap<string, number>): void;
  /** Ends a block. */
  close(): void;
  current(): PodSpread;
}

interface Pod {
  open: number;
  readings: number;
  /** Sum over blocks of ln(pod's mean / arm's mean). */
  apart: number;
  blocks: number;
}

/** Fewer blocks of a pod than this show what it does now, not how it differs for good. */
const ENOUGH = 3;

const nothing: PodSpread = { error: 0, freedom: 0 };

/** The variance between the pods of an arm, pooled over the arms: each pod's mean log distance from its arm's mean. */
export function podSpread(): PodSpreadEstimate {
  const arms = [new Map<string, Pod>(), new Map<string, Pod>()] as const;

  return {
    add(canary, stable) {
      for (const [readings, pods] of [[canary, arms[0]] as const, [stable, arms[1]] as const])
        for (const [name, value] of readings) {
          const pod = pods.get(name) ?? { open: 0, readings: 0, apart: 0, blocks: 0 };
          pods.set(name, pod);
          pod.open += value;
          pod.readings += 1;
        }
    },
    close() {
      for (const pods of arms) {
        const seen = [...pods.values()].filter(({ readings }) => readings > 0);
        const mean = seen.reduce((sum, { open, readings }) => sum + open / readings, 0) / seen.length;
        for (const pod of seen) {
          const ratio = pod.open / pod.readings / mean;
          if (ratio > 0 && Number.isFinite(ratio)) {
            pod.apart += Math.log(ratio);
            pod.blocks += 1;
          }
          pod.open = 0;
          pod.readings = 0;
        }
      }
    },
    current() {
      const [canary, stable] = arms.map((pods) =>
        [...pods.values()]
          .filter(({ blocks }) => blocks >= ENOUGH)
          .map(({ apart, blocks }) => apart / blocks),
      );
      if (canary === undefined || stable === undefined) return nothing;
      const freedom = canary.length + stable.length - 2;
      if (canary.length === 0 || stable.length === 0 || freedom === 0) return nothing;
      const variance = (squares(canary) + squares(stable)) / freedom;
      return { error: Math.sqrt(variance * (1 / canary.length + 1 / stable.length)), freedom };
    },
  };
}

function squares(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}
