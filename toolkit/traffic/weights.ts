/** Whole numbers in the ratio of the percent: (95, 5) for 5 %, (995, 5) for 0.5 %. At most three decimals are kept. */
export function wholeWeights(percent: number): { readonly stable: number; readonly canary: number } {
  const thousandths = Math.round(Math.min(100, Math.max(0, percent)) * 1000);
  for (const scale of [1, 10, 100, 1000]) {
    const canary = (thousandths / 1000) * scale;
    if (Math.abs(canary - Math.round(canary)) < 1e-9)
      return { stable: 100 * scale - Math.round(canary), canary: Math.round(canary) };
  }
  return { stable: 100_000 - thousandths, canary: thousandths };
}

/** The canary's percent of two weights; 0 when neither has any. */
export function percentOf(canary: number, stable: number): number {
  return canary + stable === 0 ? 0 : Number(((100 * canary) / (canary + stable)).toFixed(3));
}
