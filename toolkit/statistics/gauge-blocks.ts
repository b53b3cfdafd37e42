import { podSpread, type PodSpread } from './pod-spread.ts';

export interface GaugeLook {
  /** Seconds since the canary started. */
  readonly seconds: number;
  /** The reading of each pod of an arm; an arm without a reading leaves the look out. */
  readonly canary: ReadonlyMap<string, number>;
  readonly stable: ReadonlyMap<string, number>;
}

export interface GaugeBlocks {
  /** Folds a look in; true when it closed a block. */
  add(look: GaugeLook): boolean;
  /** Makes blocks twice as long by merging pairs. */
  double(): void;
  /** Middle of each closed block, seconds. */
  times(): readonly number[];
  /** Mean of the arm's pods in each closed block. */
  canary(): readonly number[];
  stable(): readonly number[];
  /** How much the pods of one arm differ for good. */
  spread(): PodSpread;
  /** Length of a block now. */
  seconds(): number;
}

interface Block {
  readonly time: number;
  readonly canary: number;
  readonly stable: number;
}

/** So many blocks are kept at most: a day of 5-minute blocks; then pairs are merged, and memory stays flat. */
const MOST_BLOCKS = 288;

/** Means per arm over blocks of `blockSeconds`, after the first `dropSeconds`. */
export function gaugeBlocks(blockSeconds: number, dropSeconds: number): GaugeBlocks {
  let length = blockSeconds;
  let closed: Block[] = [];
  const spread = podSpread();
  let open = { index: -1, looks: 0, time: 0, canary: 0, stable: 0 };

  const double = (): void => {
    length *= 2;
    closed = closed.flatMap((block, index) => {
      const next = closed[index + 1];
      return index % 2 === 1 || next === undefined ? [] : [merge(block, next)];
    });
    open = { index: -1, looks: 0, time: 0, canary: 0, stable: 0 };
  };

  return {
    add({ seconds, canary, stable }) {
      if (seconds < dropSeconds || canary.size === 0 || stable.size === 0) return false;
      const index = Math.floor((seconds - dropSeconds) / length);
      const closes = open.looks > 0 && index !== open.index;
      if (closes) {
        const { looks } = open;
        spread.close();
        closed.push({ time: open.time / looks, canary: open.canary / looks, stable: open.stable / looks });
        if (closed.length > MOST_BLOCKS) double();
      }
      if (index !== open.index) open = { index, looks: 0, time: 0, canary: 0, stable: 0 };
      open.looks += 1;
      open.time += seconds;
      open.canary += mean([...canary.values()]);
      open.stable += mean([...stable.values()]);
      spread.add(canary, stable);
      return closes;
    },
    double,
    times: () => closed.map(({ time }) => time),
    canary: () => closed.map((block) => block.canary),
    stable: () => closed.map((block) => block.stable),
    spread: () => spread.current(),
    seconds: () => length,
  };
}

function merge(a: Block, b: Block): Block {
  return {
    time: (a.time + b.time) / 2,
    canary: (a.canary + b.canary) / 2,
    stable: (a.stable + b.stable) / 2,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
