/** ln Φ(z) of the standard normal: Marsaglia's series near 0, a continued fraction in the tails. */
export function logNormalCdf(z: number): number {
  if (z > 5) return Math.log1p(-Math.exp(logUpperTail(z)));
  if (z < -5) return logUpperTail(-z);
  let term = z;
  let sum = z;
  for (let odd = 3; Math.abs(term) > 1e-18 * Math.abs(sum); odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return Math.log(0.5 + sum * Math.exp((-z * z) / 2) * Math.sqrt(0.5 / Math.PI));
}

/** ln(1 − Φ(z)) for z > 5: φ(z)/(z + 1/(z + 2/(z + 3/(z + …)))). */
function logUpperTail(z: number): number {
  let fraction = z;
  for (let k = 60; k >= 1; k -= 1) fraction = z + k / fraction;
  return (-z * z) / 2 - 0.5 * Math.log(2 * Math.PI) - Math.log(fraction);
}
