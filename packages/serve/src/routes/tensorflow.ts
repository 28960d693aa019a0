import type { Sample } from '@bitgrad/core';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { RequestError, refuse } from '../errors.js';
import type { ModelStore } from '../model-store.js';
import type { ServedModel } from '../served-model.js';
import { flatOf } from '../tensors.js';
import { parseJson } from './open-inference.js';

/** `NAME`, `NAME/versions/V`, with `:predict` behind for predictions. */
const PLACE = /^([^/:]+)(?:\/versions\/([^/:]+))?(:predict)?$/;

/**
 * The form of TensorFlow Serving (https://www.tensorflow.org/tfx/serving/api_rest): rows as
 * `instances`, or columns as `inputs`.
 */
export function tensorflowServing(
  app: FastifyInstance,
  store: ModelStore,
  mark: (reply: FastifyReply, model: ServedModel) => void,
): void {
  const find = (place: unknown, isPrediction: boolean): ServedModel => {
    const [, name, version, predict] = PLACE.exec(String(place)) ?? [];
    if (name === undefined || (predict !== undefined) !== isPrediction) {
      throw new RequestError(404, 'no such page');
    }
    return store.find(name, version);
  };
  app.get('/v1/models/*', async (request, reply) => {
    const model = find((request.params as { '*': string })['*'], false);
    mark(reply, model);
    const status = { error_code: 'OK', error_message: '' };
    return {
      // KServe's first protocol asks here too.
      name: model.name,
      ready: true,
      model_version_status: [{ version: model.version, state: 'AVAILABLE', status }],
    };
  });
  app.post('/v1/models/*', async (request, reply) => {
    const model = find((request.params as { '*': string })['*'], true);
    mark(reply, model);
    if (!Buffer.isBuffer(request.body)) refuse('a request in JSON', request.body);
    const plain = model.samplesIn(request.body, true);
    if (plain !== null) return { predictions: model.listsOf(await model.predict(plain)) };
    const { rows, isColumnar } = rowsOf(parseJson(request.body));
    const predictions = model.listsOf(await model.predict(model.samplesOf(rows)));
    return isColumnar ? { outputs: predictions } : { predictions };
  });
}

/** Rows of a request; images may be nested as `[height][width]`. */
function rowsOf(body: unknown): { rows: Sample[]; isColumnar: boolean } {
  const { instances, inputs } = (body ?? {}) as { instances?: unknown; inputs?: unknown };
  if (Array.isArray(instances) && instances.length > 0) {
    return { rows: instances.map(flat), isColumnar: false };
  }
  if (Array.isArray(inputs) && inputs.length > 0)
    return { rows: inputs.map(flat), isColumnar: true };
  if (typeof inputs === 'object' && inputs !== null) {
    const columns = Object.entries(inputs);
    const count = columns.length === 0 ? 0 : (columns[0]![1] as unknown[])?.length;
    const fits = columns.every(([, values]) => Array.isArray(values) && values.length === count);
    if (!fits || !count) refuse('columns of one length', inputs);
    const rows = Array.from(
      { length: count },
      (_, row) =>
        Object.fromEntries(columns.map(([name, values]) => [name, values[row]])) as Sample,
    );
    return { rows, isColumnar: true };
  }
  return refuse('instances, a list of rows, or inputs', body);
}

function flat(row: unknown): Sample {
  return (Array.isArray(row) ? flatOf(row) : row) as Sample;
}
