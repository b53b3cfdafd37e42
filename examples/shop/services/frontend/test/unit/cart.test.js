import { expect } from 'chai';
import { addToCart, emptyCart, formatPrice, totalOf } from '../../public/cart.js';

const products = [
  { id: 'cup', price: 890 },
  { id: 'kettle', price: 3490 },
];

describe('cart', () => {
  it('adds a line for a new product and counts a known one up', () => {
    const cart = addToCart(addToCart(addToCart(emptyCart, 'cup'), 'kettle'), 'cup');
    expect(cart).to.deep.equal([
      { id: 'cup', quantity: 2 },
      { id: 'kettle', quantity: 1 },
    ]);
  });

  it('leaves the cart it was given alone', () => {
    const before = addToCart(emptyCart, 'cup');
    addToCart(before, 'cup');
    expect(before).to.deep.equal([{ id: 'cup', quantity: 1 }]);
    expect(emptyCart).to.have.lengthOf(0);
  });

  it('stops at 99 of one product', () => {
    let cart = emptyCart;
    for (let i = 0; i < 120; i += 1) cart = addToCart(cart, 'cup');
    expect(cart[0].quantity).to.equal(99);
  });

  it('sums prices, and nothing for a product that is gone', () => {
    const cart = addToCart(addToCart(addToCart(emptyCart, 'cup'), 'kettle'), 'gone');
    expect(totalOf(cart, products)).to.equal(4380);
  });

  for (const [cents, text] of [
    [0, '0.00'],
    [5, '0.05'],
    [1234, '12.34'],
    [100_000, '1000.00'],
  ])
    it(`shows ${cents} cents as ${text}`, () => {
      expect(formatPrice(cents)).to.equal(text);
    });
});
