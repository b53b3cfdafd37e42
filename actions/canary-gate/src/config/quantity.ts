const factors: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A number from a Kubernetes quantity such as `512Mi`, `250m` or `1.5`; undefined when it is none. */
export function parseQuantity(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?(?:e[+-]?\d+)?)\s*([A-Za-z]{0,2})$/.exec(text.trim());
  const factor = factors[found?.[2] ?? 'none'];
  return found === null || factor === undefined ? undefined : Number(found[1]) * factor;
}
