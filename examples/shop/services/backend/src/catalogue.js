import { HttpError } from '@shop/service-kit';

/** Prices in cents. */
export const products = Object.freeze([
  Object.freeze({ id: 'kettle', name: 'Kettle', price: 3490 }),
  Object.freeze({ id: 'teapot', name: 'Teapot', price: 2450 }),
  Object.freeze({ id: 'cup', name: 'Cup', price: 890 }),
  Object.freeze({ id: 'assam', name: 'Assam, 250 g', price: 1180 }),
]);

const offerOfTheDay = [{ id: 'cup', quantity: 1 }];

/** The order lines of a checkout with their prices; no body at all is one of the day's offer. */
export function priceOrder(body) {
  const items = body === undefined ? offerOfTheDay : body?.items;
  if (!Array.isArray(items) || items.length === 0) throw new HttpError(400, 'items must be a list');

  const lines = items.map((item) => {
    const product = products.find(({ id }) => id === item?.id);
    if (!product) throw new HttpError(400, `unknown product ${JSON.stringify(item?.id)}`);
    const { quantity } = item;
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > 99)
      throw new HttpError(400, `quantity of ${product.id} must be 1 to 99`);
    return { id: product.id, quantity, amount: product.price * quantity };
  });
  return { lines, total: lines.reduce((sum, { amount }) => sum + amount, 0) };
}
