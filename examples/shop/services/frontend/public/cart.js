/** A cart is a frozen list of { id, quantity }; every function returns a new one. */
export const emptyCart = Object.freeze([]);

const maximum = 99;

/** One more of a product, never above what the shop sells at once. */
export function addToCart(cart, id) {
  const known = cart.some((line) => line.id === id);
  return Object.freeze(
    known
      ? cart.map((line) => (line.id === id ? { id, quantity: Math.min(line.quantity + 1, maximum) } : line))
      : [...cart, { id, quantity: 1 }],
  );
}

/** The sum in cents. A product that is no longer sold counts nothing. */
export function totalOf(cart, products) {
  const prices = new Map(products.map(({ id, price }) => [id, price]));
  return cart.reduce((sum, { id, quantity }) => sum + (prices.get(id) ?? 0) * quantity, 0);
}

/** Cents as people read them: 1234 → "12.34". */
export function formatPrice(cents) {
  return `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}
