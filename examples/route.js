// A route handler as Next.js and others have them: a request in, a response out. The model is loaded
// once, when the first request comes.
//
//   node examples/route.js

import { fileURLToPath } from 'node:url';
import { BitgradError, train } from 'bitgrad';

/** @type {ReturnType<typeof open> | undefined} */
let opened;

/** In a program of one's own: `load('flowers.safetensors')`. */
function open() {
  const flowers = fileURLToPath(new URL('data/flowers.csv', import.meta.url));
  return train(flowers, { label: 'kind', seed: 1 });
}

/**
 * Predicts the row that a request holds.
 *
 * @param {Request} request
 */
export async function POST(request) {
  opened ??= open();
  const model = await opened;
  try {
    return Response.json(
      model.predict(/** @type {Record<string, number>} */ (await request.json())),
    );
  } catch (error) {
    // What a client did wrong is its business; anything else is not.
    if (error instanceof BitgradError)
      return Response.json({ error: error.message }, { status: 400 });
    if (error instanceof SyntaxError)
      return Response.json({ error: 'expected JSON' }, { status: 400 });
    throw error;
  }
}

const bodies = [
  '{"petal length": 1.4, "petal width": 0.2, "sepal length": 5.1, "sepal width": 3.5}',
  '{"petal length": "long", "petal width": 0.2, "sepal length": 5.1, "sepal width": 3.5}',
  'no JSON',
];
for (const body of bodies) {
  const response = await POST(new Request('http://localhost/predict', { method: 'POST', body }));
  console.log(response.status, await response.text());
}
