const factors: Readonly<Record<string, number>> = {
  ...{ '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, m: 1e-3 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 },
};

/** The number a Kubernetes quantity stands for (`256Mi`, `1G`, `500m`); undefined when it is none. */
export function parseQuantity(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?(?:e\d+)?)([a-zA-Z]*)$/.exec(text);
  const factor = factors[match?.[2] ?? '-'];
  return match?.[1] === undefined || factor === undefined ? undefined : Number(match[1]) * factor;
}
