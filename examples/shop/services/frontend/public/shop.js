import { addToCart, emptyCart, formatPrice, totalOf } from './cart.js';

const find = (id) => document.getElementById(id);
let cart = emptyCart;
let products = [];

function row(text, ...rest) {
  const item = document.createElement('li');
  const label = document.createElement('span');
  label.textContent = text;
  item.append(label, ...rest);
  return item;
}

function show() {
  find('cart').replaceChildren(
    ...cart.map(({ id, quantity }) => row(`${quantity} × ${products.find((p) => p.id === id).name}`)),
  );
  find('total').textContent = formatPrice(totalOf(cart, products));
  find('checkout').disabled = cart.length === 0;
}

function say(text, kind) {
  const message = find('message');
  message.textContent = text;
  message.dataset.kind = kind;
}

async function loadProducts() {
  const answer = await fetch('/api/products');
  if (!answer.ok) throw new Error(`products: ${answer.status}`);
  ({ products } = await answer.json());
  find('products').replaceChildren(
    ...products.map(({ id, name, price }) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = `Add for ${formatPrice(price)}`;
      button.dataset.product = id;
      button.addEventListener('click', () => {
        cart = addToCart(cart, id);
        show();
      });
      return row(name, button);
    }),
  );
}

async function checkOut() {
  find('checkout').disabled = true;
  const answer = await fetch('/api/checkout', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ items: cart }),
  });
  if (!answer.ok) throw new Error(`checkout: ${answer.status}`);
  const { receipt } = await answer.json();
  cart = emptyCart;
  say(`Thank you. Receipt ${receipt}`, 'ok');
}

find('checkout').addEventListener('click', () => {
  checkOut()
    .catch(() => say('The order did not go through. Nothing was charged; please try again.', 'error'))
    .finally(show);
});

loadProducts().catch(() => say('The shop is closed for a moment.', 'error'));
