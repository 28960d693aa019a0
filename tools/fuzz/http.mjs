// Requests to the server of models, as if they came over HTTP.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decodeSafetensors, typescriptBackend } from '../../packages/core-ts/dist/index.js';
import { makeApp } from '../../packages/serve/dist/app.js';
import { Metrics } from '../../packages/serve/dist/metrics.js';
import { ModelStore } from '../../packages/serve/dist/model-store.js';
import { TIMEOUTS } from '../../packages/serve/dist/options.js';
import { mutateBytes, mutateStructure } from './mutate.mjs';

const fixtures = new URL('../../packages/cli/test/fixtures/version-0.1/', import.meta.url);
const NAMES = ['grades', 'arrays', 'adam-dropout-weights', 'folders'];

/** As many numbers as a sample of a model has. */
const samples = new Map(
  NAMES.map((name) => {
    const file = readFileSync(new URL(`${name}.safetensors`, fixtures));
    const { metadata } = decodeSafetensors(file, name);
    const { features } = JSON.parse(metadata.receipt).dataset;
    return [name, Array.from({ length: features }, (_, at) => at / 8)];
  }),
);
const numbers = (name) => samples.get(name);
/** Requests that a client might send: what they ask of which place, and JSON or an array of bytes. */
const REQUESTS = NAMES.flatMap((name) => [
  ['POST', `/models/${name}/predict`, [numbers(name), numbers(name)]],
  ['POST', `/models/${name}/predict`, [{ a: 1, b: 'x' }]],
  ['POST', `/v1/models/${name}:predict`, { instances: [numbers(name)] }],
  ['POST', `/v1/models/${name}/versions/1:predict`, { inputs: [numbers(name)] }],
  [
    'POST',
    `/v2/models/${name}/infer`,
    {
      id: '1',
      inputs: [
        { name: 'input', datatype: 'FP32', shape: [1, numbers(name).length], data: numbers(name) },
      ],
      outputs: [{ name: 'probabilities', parameters: { binary_data: true } }],
    },
  ],
  [
    'POST',
    `/v2/models/${name}/infer`,
    {
      inputs: [
        { name: 'input', datatype: 'FP32', shape: [2, 2], parameters: { binary_data_size: 16 } },
      ],
    },
  ],
  ['GET', `/v2/models/${name}`, null],
  ['GET', `/v1/models/${name}/metadata`, null],
  ['POST', `/models/${name}/predict`, 'a,b,c,d\n1,2,3,4\n'],
]);
const TYPES = [
  'application/json',
  'text/csv',
  'application/octet-stream',
  'image/png',
  '',
  'a/b;c',
];
const BYTES = REQUESTS.map(([, , body]) =>
  Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
);

let opened;
async function open() {
  const problems = [];
  const log = (line) => {
    if (line.event === 'error') problems.push(line);
  };
  const metrics = new Metrics(() => 0);
  const store = await ModelStore.open(
    NAMES.map((name) => fileURLToPath(new URL(`${name}.safetensors`, fixtures))),
    {
      backend: typescriptBackend(),
      pool: null,
      batchRows: 64,
      batchDelay: 0,
      requestTimeout: TIMEOUTS.request,
      onRun: () => undefined,
      log,
    },
  );
  const app = makeApp({
    store,
    metrics,
    token: undefined,
    isLocal: true,
    bodyBytes: 2 ** 20,
    timeouts: TIMEOUTS,
    version: '0.1.0',
    isReady: () => true,
    enter: () => true,
    leave: () => undefined,
    log,
  });
  return { app, problems };
}

/** @param {import('./random.mjs').Random} random */
export function makeRequest(random) {
  const [method, place, body] = random.pick(REQUESTS);
  let payload = Buffer.from(
    typeof body === 'string'
      ? body
      : (JSON.stringify(random.once(4) ? body : mutateStructure(body, random)) ?? ''),
  );
  const headers = {
    'content-type': random.once(3) ? random.pick(TYPES) : TYPES[0],
    host: 'localhost',
  };
  if (random.once(4)) {
    // What Open Inference calls binary tensors: the JSON's length, and bytes behind it.
    headers['inference-header-content-length'] = random.once(3)
      ? String(random.integer())
      : String(payload.length);
    payload = Buffer.concat([payload, Buffer.alloc(random.below(40), random.below(256))]);
  }
  if (random.once(3)) payload = mutateBytes(payload, random, BYTES);
  const url = random.once(6)
    ? `/${encodeURI(mutateBytes(Buffer.from(place.slice(1)), random, BYTES).toString('latin1'))}`
    : place;
  return {
    method: random.once(10) ? 'PUT' : method,
    url,
    headers,
    body: payload.toString('base64'),
  };
}

/** What is answered must be an answer: never the server's own failure, and nothing that is not JSON. */
export async function sendRequest({ body, ...request }) {
  opened ??= await open();
  const { app, problems } = opened;
  const payload = Buffer.from(body, 'base64');
  const { statusCode, rawPayload } = await app.inject({
    ...request,
    ...(request.method === 'GET' ? {} : { payload }),
  });
  if (problems.length > 0) throw new Error(`${statusCode}: ${problems.splice(0)[0].stack}`);
  if (statusCode >= 500) throw new Error(`${statusCode}: ${rawPayload.toString().slice(0, 300)}`);
  if (statusCode < 400) return true;
  const { error } = JSON.parse(rawPayload.toString());
  if (typeof error !== 'string' || error === '' || error.length > 2000) {
    throw new Error(
      `${statusCode}: expected one error, received ${rawPayload.toString().slice(0, 300)}`,
    );
  }
  return false;
}
