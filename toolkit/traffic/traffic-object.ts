import type { PatchOperation } from './json-patch.ts';

/** The parts of a Kubernetes object that routers look at. */
export interface TrafficObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly resourceVersion?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly { readonly manager?: string }[];
  };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** How one kind of object holds the split: pure, from the object as it is to the patch that sets it. */
export interface SplitFormat {
  /** Resource name for kubectl, with its group. */
  readonly resource: string;
  /** Percent of the canary; throws a `SplitError` when the object has no split between the two. */
  readonly read: (object: TrafficObject) => number;
  readonly patch: (object: TrafficObject, percent: number) => readonly PatchOperation[];
}

/** The object holds no split between the named arms. */
export class SplitError extends Error {
  override readonly name = 'SplitError';
}

export function asList(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? (value as Readonly<Record<string, unknown>>[]) : [];
}

export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
