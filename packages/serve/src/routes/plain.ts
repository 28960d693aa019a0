import type { Sample } from '@bitgrad/core';
import { textSource } from '@bitgrad/formats/table';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { textOf } from '../content.js';
import { RequestError, refuse } from '../errors.js';
import type { ModelStore } from '../model-store.js';
import type { ServedModel } from '../served-model.js';
import { describe, parseJson } from './open-inference.js';

/** The plain way: a row or several as JSON, a table as CSV, or an image; predictions come back as JSON. */
export function plain(
  app: FastifyInstance,
  store: ModelStore,
  mark: (reply: FastifyReply, model: ServedModel) => void,
): void {
  app.get('/models', async () => store.names.map((name) => describe(store.find(name))));
  app.post('/models/:model/predict', async (request, reply) => {
    const model = store.find((request.params as { model: string }).model);
    mark(reply, model);
    const { body } = request;
    if (!Buffer.isBuffer(body) || body.length === 0) {
      throw new RequestError(400, 'expected a body, received none');
    }
    const kind = String(request.headers['content-type'] ?? '')
      .split(';')[0]!
      .trim()
      .toLowerCase();
    if (kind === 'text/csv') return predict(model, await rowsOfCsv(model, body));
    if (kind.startsWith('image/')) {
      const outputs = await model.predict(await model.imageSamples(body));
      return model.predictionsOf(outputs)[0];
    }
    if (kind !== 'application/json') {
      throw new RequestError(415, 'expected application/json, text/csv or an image');
    }
    const plain = model.samplesIn(body, false);
    if (plain !== null) return model.predictionsOf(await model.predict(plain));
    const value = parseJson(body);
    // A list of lists or of objects is several rows; a list of cells is one.
    const isSeveral = Array.isArray(value) && (value.length === 0 || typeof value[0] === 'object');
    if (isSeveral) return predict(model, value as Sample[]);
    const [only] = await predict(model, [value as Sample]);
    return only;
  });
}

async function predict(model: ServedModel, rows: readonly Sample[]): Promise<unknown[]> {
  if (rows.length === 0) return [];
  return model.predictionsOf(await model.predict(model.samplesOf(rows)));
}

/** Lines between the first and the last, which may be a header and nothing. */
function linesIn(body: Buffer): number {
  let count = 0;
  for (let at = body.indexOf('\n'); at >= 0; at = body.indexOf('\n', at + 1)) count += 1;
  return Math.max(0, count - 1);
}

async function rowsOfCsv(model: ServedModel, body: Buffer): Promise<Sample[]> {
  const { columns } = model.sampler;
  model.checkCount(linesIn(body));
  const all: (readonly unknown[])[] = [];
  await textSource(textOf(body), 'body').scan((cells) => all.push([...cells]), '.');
  const [first = [], ...rest] = all;
  const names = first.map((cell) => String(cell).trim());
  if (columns === null) return all.map((cells) => cells.map(Number));
  if (!columns.every((name) => names.includes(name))) {
    refuse(`a header with ${columns.join(', ')}`, names.join(','));
  }
  const twice = names.find((name, at) => columns.includes(name) && names.indexOf(name) !== at);
  if (twice !== undefined) refuse('columns of different names', names.join(','));
  return rest.map((cells, index) => {
    if (cells.length !== names.length) {
      refuse(`${names.length} cells in row ${index + 1}`, cells.length);
    }
    return Object.fromEntries(names.map((name, at) => [name, cells[at]])) as Sample;
  });
}
