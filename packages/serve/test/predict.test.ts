import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import {
  encodeModel,
  Predictor,
  predictionOf,
  Sampler,
  type SavedModel,
  sha256OfText,
} from '@bitgrad/core';
import { describe, expect, test } from 'vitest';
import {
  backend,
  imageModel,
  labelsModel,
  numbersModel,
  post,
  ROWS,
  serveModels,
  thingsModel,
} from './models.js';

/** What the library says of a row. */
function expectedOf(model: SavedModel, rows: readonly object[]) {
  const sampler = new Sampler(model);
  const predictor = new Predictor(model, backend);
  return rows.map((row) => {
    const samples = sampler.allocate(1);
    sampler.write(row as Record<string, string>, samples, 0);
    return predictionOf(model, predictor.predict(samples));
  });
}

const listsOf = (predictions: readonly object[]): unknown[] =>
  predictions.map((one) =>
    'outputs' in one ? one.outputs : (one as { probabilities: unknown }).probabilities,
  );

describe('a table’s model', async () => {
  const model = await thingsModel();
  const expected = expectedOf(model, ROWS);

  test('the plain way: a row, cells, rows, CSV', async () => {
    const { url } = await serveModels({ things: model });
    const place = `${url}/models/things/predict`;
    const one = await post(place, ROWS[0]);
    expect(one).toMatchObject({ status: 200, json: expected[0] });
    const digest = await sha256OfText(JSON.stringify(model.receipt));
    expect(one.headers.get('Bitgrad-Receipt')).toBe(digest);
    expect((await post(place, Object.values(ROWS[0]!))).json).toEqual(expected[0]);
    expect((await post(place, ROWS)).json).toEqual(expected);
    expect((await post(place, [])).json).toEqual([]);
    const csv = ['colour,id,size', ...ROWS.map(({ size, colour }) => `"${colour}",7,${size}`)];
    const table = await post(place, csv.join('\n'), { 'Content-Type': 'text/csv; charset=utf-8' });
    expect(table.json).toEqual(expected);
  });

  test('TensorFlow Serving’s form', async () => {
    const { url } = await serveModels({ things: model });
    const place = `${url}/v1/models/things`;
    const lists = listsOf(expected);
    expect((await post(`${place}:predict`, { instances: ROWS })).json).toEqual({
      predictions: lists,
    });
    const columns = {
      size: ROWS.map(({ size }) => size),
      colour: ROWS.map(({ colour }) => colour),
    };
    expect((await post(`${place}:predict`, { inputs: columns })).json).toEqual({ outputs: lists });
    expect((await post(`${place}/versions/1:predict`, { instances: ROWS })).status).toBe(200);
    expect((await post(`${place}/versions/2:predict`, { instances: ROWS })).status).toBe(404);
    const state = await (await fetch(place)).json();
    expect(state).toMatchObject({ model_version_status: [{ version: '1', state: 'AVAILABLE' }] });
  });

  test('Open Inference Protocol, in JSON and binary', async () => {
    const { url } = await serveModels({ things: model });
    const place = `${url}/v2/models/things`;
    const described = await (await fetch(place)).json();
    expect(described).toMatchObject({
      name: 'things',
      versions: ['1'],
      inputs: [
        { name: 'size', datatype: 'FP64', shape: [-1] },
        { name: 'colour', datatype: 'BYTES', shape: [-1] },
      ],
      outputs: [{ name: 'probabilities' }, { name: 'label', datatype: 'BYTES' }],
      parameters: { weightsSha256: model.receipt.weightsSha256 },
    });
    const shape = [ROWS.length];
    const size = { name: 'size', datatype: 'FP64', shape, data: ROWS.map((row) => row.size) };
    const colour = {
      name: 'colour',
      datatype: 'BYTES',
      shape,
      data: ROWS.map((row) => row.colour),
    };
    const answer = await post(`${place}/infer`, { id: 'a', inputs: [colour, size] });
    const [probabilities, label] = answer.json.outputs;
    expect(answer.json).toMatchObject({ model_name: 'things', model_version: '1', id: 'a' });
    expect(probabilities).toEqual({
      name: 'probabilities',
      datatype: 'FP32',
      shape: [ROWS.length, 2],
      data: listsOf(expected).flat(),
    });
    expect(label.data).toEqual(expected.map((one) => 'className' in one && one.className));

    const sizes = Buffer.from(Float64Array.from(size.data).buffer);
    const texts = Buffer.concat(
      colour.data.map((text) =>
        Buffer.concat([Buffer.of(text.length, 0, 0, 0), Buffer.from(text)]),
      ),
    );
    const head = JSON.stringify({
      inputs: [
        { ...size, data: undefined, parameters: { binary_data_size: sizes.length } },
        { ...colour, data: undefined, parameters: { binary_data_size: texts.length } },
      ],
      outputs: [{ name: 'probabilities', parameters: { binary_data: true } }],
    });
    const response = await fetch(`${place}/versions/1/infer`, {
      method: 'POST',
      headers: { 'Inference-Header-Content-Length': String(Buffer.byteLength(head)) },
      body: Buffer.concat([Buffer.from(head), sizes, texts]),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const end = Number(response.headers.get('Inference-Header-Content-Length'));
    expect(JSON.parse(bytes.subarray(0, end).toString())).toMatchObject({
      outputs: [{ name: 'probabilities', parameters: { binary_data_size: 4 * 2 * ROWS.length } }],
    });
    expect(bytes.subarray(end)).toEqual(
      Buffer.from(Float32Array.from(listsOf(expected).flat() as number[]).buffer),
    );
  });

  test('any batching gives the same bits', async () => {
    for (const options of [
      { batchRows: 1 },
      { batchRows: 7, batchDelay: 5 },
      { batchRows: 1000, batchDelay: 20 },
    ]) {
      const { url } = await serveModels({ things: model }, options);
      const place = `${url}/models/things/predict`;
      const answers = await Promise.all([
        ...ROWS.map((row) => post(place, row)),
        post(place, ROWS),
      ]);
      expect(answers.map(({ json }) => json)).toEqual([...expected, expected]);
    }
  });

  test('threads give the same bits', async () => {
    const source = "export { typescriptBackend as fastestBackend } from '@bitgrad/core';";
    const file = join(
      import.meta.dirname,
      '..',
      'node_modules',
      '.cache',
      `backend-${process.pid}.mjs`,
    );
    const { mkdirSync, rmSync } = await import('node:fs');
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, source);
    const { serve } = await import('@bitgrad/serve');
    const { folder } = await serveModels({ things: model });
    const server = await serve({
      models: [join(folder, 'things.safetensors')],
      backend,
      port: 0,
      workers: 2,
      backendModule: file,
      batchRows: 8,
      log: () => undefined,
    });
    try {
      const answers = ROWS.map((row) => post(`${server.url}/models/things/predict`, row));
      expect((await Promise.all(answers)).map(({ json }) => json)).toEqual(expected);
    } finally {
      await server.close();
      rmSync(file);
    }
  });

  test('a file that changes is taken up, without a request being lost; one that is no model is not', async () => {
    const other = await thingsModel({ seed: 9 });
    const { url, folder, log } = await serveModels({ things: model });
    const place = `${url}/models/things/predict`;
    const seen = new Set<string>();
    const otherExpected = expectedOf(other, ROWS);
    const replace = (bytes: Uint8Array | string): void => {
      writeFileSync(join(folder, 'next'), bytes);
      renameSync(join(folder, 'next'), join(folder, 'things.safetensors'));
    };
    replace(encodeModel(other));
    while (!log.some((line) => line.includes('"reload"'))) {
      const { status, json } = await post(place, ROWS[0]);
      expect(status).toBe(200);
      seen.add(JSON.stringify(json));
    }
    expect((await post(place, ROWS)).json).toEqual(otherExpected);
    expect(
      [...seen].every((text) =>
        [expected[0], otherExpected[0]].some((one) => text === JSON.stringify(one)),
      ),
    ).toBe(true);
    replace('no model');
    while (!log.some((line) => line.includes('"error"'))) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect((await post(place, ROWS)).json).toEqual(otherExpected);
  });
});

test('several labels of yes and no', async () => {
  const labels = await labelsModel();
  const rows = ROWS.slice(0, 2);
  const expected = expectedOf(labels, rows) as { labels: string[]; probabilities: number[] }[];
  const { url } = await serveModels({ labels });
  expect((await post(`${url}/models/labels/predict`, rows)).json).toEqual(expected);
  const served = await post(`${url}/v1/models/labels:predict`, { instances: rows });
  expect(served.json.predictions).toEqual(listsOf(expected));
  const columns = (['size', 'colour'] as const).map((name) => ({
    name,
    datatype: name === 'size' ? 'FP64' : 'BYTES',
    shape: [2],
    data: rows.map((row) => row[name]),
  }));
  const inferred = await post(`${url}/v2/models/labels/infer`, { inputs: columns });
  expect(inferred.json.outputs).toMatchObject([
    { name: 'probabilities', shape: [2, 2], data: listsOf(expected).flat() },
    {
      name: 'labels',
      datatype: 'BYTES',
      shape: [2, 2],
      data: expected.flatMap((one) => one.labels),
    },
  ]);
});

test('images and numbers', async () => {
  const [images, numbers] = [await imageModel(), await numbersModel()];
  const { url } = await serveModels({ images, numbers });
  const pixels = Uint8Array.from({ length: 16 }, (_, at) => 200 + at);
  const [expected] = expectedOf(images, [pixels]);
  const nested = [0, 1, 2, 3].map((row) => [...pixels.subarray(4 * row, 4 * row + 4)]);
  expect((await post(`${url}/models/images/predict`, [...pixels])).json).toEqual(expected);
  const served = await post(`${url}/v1/models/images:predict`, { instances: [nested] });
  expect(served.json.predictions).toEqual(listsOf([expected!]));
  const tensor = { name: 'input', datatype: 'UINT8', shape: [1, 4, 4], data: nested };
  const inferred = await post(`${url}/v2/models/images/infer`, { inputs: [tensor] });
  expect(inferred.json.outputs[0].data).toEqual(listsOf([expected!])[0]);
  const png = await post(`${url}/models/images/predict`, pngOf(pixels), {
    'Content-Type': 'image/png',
  });
  expect(png.json).toEqual(expected);

  const rows = [Float32Array.of(1, 2), Float32Array.of(0.5, 0)];
  const values = expectedOf(numbers, rows);
  expect(
    (
      await post(`${url}/models/numbers/predict`, [
        [1, 2],
        [0.5, 0],
      ])
    ).json,
  ).toEqual(values);
  const input = { name: 'input', datatype: 'FP32', shape: [2, 2], data: [1, 2, 0.5, 0] };
  const output = await post(`${url}/v2/models/numbers/infer`, { inputs: [input] });
  expect(output.json.outputs).toEqual([
    { name: 'output', datatype: 'FP64', shape: [2, 2], data: listsOf(values).flat() },
  ]);
});

/** A grey PNG of 4×4 pixels. */
function pngOf(pixels: Uint8Array): Uint8Array {
  const chunk = (kind: string, data: Uint8Array): Buffer => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const rows = [0, 1, 2, 3].flatMap((row) => [0, ...pixels.subarray(4 * row, 4 * row + 4)]);
  const header = Buffer.of(0, 0, 0, 4, 0, 0, 0, 4, 8, 0, 0, 0, 0);
  const signature = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.from(rows)))];
  return Buffer.concat([signature, ...parts, chunk('IEND', Buffer.alloc(0))]);
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
