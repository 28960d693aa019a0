import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { ROWS, serveModels, thingsModel } from './models.js';

interface Page {
  readonly get?: Described;
  readonly post?: Described;
}

interface Described {
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

type Content = Readonly<Record<string, { readonly schema?: object }>>;

const size = { name: 'size', shape: [1], datatype: 'FP64', data: [1] };
const colour = { name: 'colour', shape: [1], datatype: 'BYTES', data: ['red'] };

/** A request for each page that takes one. */
const BODIES: Readonly<Record<string, object>> = {
  '/v2/models/{model}/infer': { id: '1', inputs: [size, colour], outputs: [{ name: 'label' }] },
  '/v2/models/{model}/versions/{version}/infer': { inputs: [size, colour] },
  '/v1/models/{model}:predict': { instances: ROWS },
  '/models/{model}/predict': ROWS,
};

test('every page is there, and answers what the description says', async () => {
  const { url } = await serveModels({ things: await thingsModel() });
  const described = (await (await fetch(`${url}/openapi.json`)).json()) as {
    readonly paths: Readonly<Record<string, Page>>;
  };
  const ajv = new Ajv2020();
  const check = (schema: object | undefined, value: unknown): void => {
    const fits = ajv.compile(schema!);
    fits(value);
    expect(fits.errors).toBe(null);
  };
  const pages = Object.entries(described.paths);
  expect(pages.length).toBeGreaterThan(12);
  for (const [path, page] of pages) {
    const place = url + path.replace('{model}', 'things').replace('{version}', '1');
    for (const [method, { requestBody, responses }] of Object.entries(page)) {
      const body = method === 'post' ? BODIES[path] : undefined;
      if (body !== undefined) check(requestBody!.content['application/json']!.schema, body);
      const headers = { 'Content-Type': 'application/json' };
      const sent = body === undefined ? {} : { headers, body: JSON.stringify(body) };
      const answer = await fetch(place, { method: method.toUpperCase(), ...sent });
      expect([path, answer.status]).toEqual([path, 200]);
      const schema = responses['200']!.content?.['application/json']?.schema;
      if (schema !== undefined) check(schema, await answer.json());
      const wrong = await fetch(`${place}/nowhere`, { method: method.toUpperCase() });
      const error = responses.default?.content?.['application/json']?.schema;
      if (error !== undefined) check(error, await wrong.json());
    }
  }
});
