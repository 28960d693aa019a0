import { expect, test } from 'vitest';
import {
  type Dataset,
  decodeModel,
  encodeModel,
  evaluate,
  fillMissing,
  imputeTable,
  Predictor,
  range,
  splitDataset,
  type TableEncoding,
  train,
  typescriptBackend,
  verify,
} from '../../src/index.js';
import { smallRecipe } from '../synthetic.js';

const encoding: TableEncoding = {
  rules: 2,
  columns: [
    { name: 'a', categories: null, missing: true },
    { name: 't', categories: ['x'] },
    { name: 'b', categories: null },
  ],
  label: 'y',
};
const NONE = Number.NaN;

/** Twenty rows; every fourth lacks `a`. */
function table(): Dataset {
  const rows = Array.from({ length: 20 }, (_, i) =>
    i % 4 === 0 ? [NONE, 1, i % 2, i] : [i * i, 0, i % 2, i],
  );
  return {
    name: 'small',
    inputs: Float32Array.from(rows.flat()),
    features: 4,
    image: null,
    labels: Uint32Array.from(rows, (_, i) => Number(i > 9)),
    classes: 2,
    trainCount: 20,
    testCount: 0,
    encoding,
  };
}

const recipe = smallRecipe({
  layers: [4, 3, 2],
  preprocess: 'none',
  standardize: true,
  split: [0.5, 0.2, 0.3],
});

test('learns medians from the training samples alone, as numpy.nanmedian does', () => {
  // numpy.nanmedian([4, 9, nan, 1, 2]) is 3, numpy.nanmedian([nan, 5, 1, 7]) is 5.
  const column = (values: readonly number[]): Dataset => ({
    ...table(),
    inputs: Float32Array.from(values.flatMap((value) => [value, 0, 0, 0])),
    trainCount: values.length,
    labels: new Uint32Array(values.length),
  });
  const medianOf = (values: readonly number[], rows: readonly number[]) =>
    imputeTable(column(values), Uint32Array.from(rows)).encoding!.columns[0]!.median;
  expect(medianOf([4, 9, NONE, 1, 2], [0, 1, 2, 3, 4])).toBe(3);
  expect(medianOf([NONE, 5, 1, 7, 100, 200], [3, 0, 2, 1])).toBe(5);
  expect(medianOf([NONE, 5], [0])).toBe(0);
  const { inputs } = imputeTable(column([NONE, 5, 1, 7]), Uint32Array.of(1, 3));
  expect([...inputs].filter((_, at) => at % 4 === 0)).toEqual([6, 5, 1, 7]);
});

test('leaves whole tables, and those of 0.1.0, where they are', () => {
  const { inputs } = table();
  const old = { ...encoding, rules: undefined };
  expect(fillMissing(inputs, old)).toBe(inputs);
  const whole = inputs.map((value) => (Number.isNaN(value) ? 1 : value));
  expect(fillMissing(whole, encoding)).toBe(whole);
});

test('a training keeps its medians in the model; receipt, evaluation and prediction follow', async () => {
  const dataset = table();
  const model = await train({ recipe, dataset, backend: typescriptBackend() });
  const { train: rows, test: held } = splitDataset(dataset, recipe);
  const present = [...rows].filter((row) => row % 4 !== 0).map((row) => row * row);
  present.sort((a, b) => a - b);
  const half = present.length >> 1;
  const median =
    present.length % 2 === 1 ? present[half]! : (present[half - 1]! + present[half]!) / 2;
  expect(model.encoding!.columns[0]!.median).toBe(median);

  const saved = await decodeModel(encodeModel(model), 'small');
  expect(saved.encoding).toEqual(model.encoding);
  const { receipt } = saved;
  const verification = await verify({ receipt, dataset, backend: typescriptBackend() });
  expect(verification).toMatchObject({ verified: true });
  const other = dataset.inputs.slice();
  other[4 * [...rows].find((row) => row % 4 !== 0)!] = 1e4;
  await expect(
    verify({ receipt, dataset: { ...dataset, inputs: other }, backend: typescriptBackend() }),
  ).rejects.toThrow('expected data with SHA-256');

  const evaluation = await evaluate(saved, dataset, held, typescriptBackend());
  expect(evaluation.loss).toBe(receipt.testLoss);
  const predictor = new Predictor(saved, typescriptBackend(), 20);
  const filled = fillMissing(dataset.inputs as Float32Array, saved.encoding);
  expect(filled[0]).toBe(median);
  expect(predictor.predict(dataset.inputs)).toEqual(predictor.predict(filled));
  expect(range(0, 80).some((at) => Number.isNaN(filled[at]!))).toBe(false);
  predictor.close();
});

test('a model whose encoding is of rules to come is refused', async () => {
  const model = await train({ recipe, dataset: table(), backend: typescriptBackend() });
  const rules = { ...model.encoding!, rules: 3 };
  await expect(decodeModel(encodeModel({ ...model, encoding: rules }), 'm')).rejects.toThrow(
    'm: expected names of classes and columns that fit the network',
  );
});

test('leaves data without an encoding, of older rules or of bytes as they are', () => {
  const { encoding: _, ...plain } = table();
  const others: Dataset[] = [
    plain,
    { ...plain, encoding: { ...encoding, rules: 1 } },
    { ...table(), inputs: new Uint8Array(80) },
  ];
  for (const dataset of others) {
    expect(imputeTable(dataset, range(0, 10))).toBe(dataset);
    expect(fillMissing(dataset.inputs, dataset.encoding)).toBe(dataset.inputs);
  }
});
