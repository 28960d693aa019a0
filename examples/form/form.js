/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

// A form that a model answers, in the browser: nothing is sent anywhere. A bundler makes one file of it,
// as in `npx vite form`, in the folder `examples`

import { train } from 'bitgrad';

// In a program of one's own: load(new URL('flowers.safetensors', import.meta.url)).
const flowers = new URL('../data/flowers.csv', import.meta.url);
const model = await train(flowers, { label: 'kind', seed: 1 });

const form = /** @type {HTMLFormElement} */ (document.querySelector('form'));
const output = /** @type {HTMLOutputElement} */ (document.querySelector('output'));

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const row = Object.fromEntries(/** @type {Iterable<[string, string]>} */ (new FormData(form)));
  try {
    const { label, probabilities } = model.predict(row);
    output.value = `a ${label}, by ${Math.max(...probabilities).toFixed(3)}`;
  } catch (error) {
    // It says which field, and what was expected.
    output.value = /** @type {Error} */ (error).message;
  }
});
document.body.dataset.ready = model.backend.name;
