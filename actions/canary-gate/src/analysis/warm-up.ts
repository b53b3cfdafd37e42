/** Time after a pod's first sample that is left out of every comparison. */
export const warmUpMs = 60_000;
