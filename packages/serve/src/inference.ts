import type { Sample, Samples } from '@bitgrad/core';
import { refuse } from './errors.js';
import type { ServedModel } from './served-model.js';
import type { InputTensor, OutputTensor } from './tensors.js';

/** The name of the one input of models without columns. */
const INPUT = 'input';

/** What a model takes, as the Open Inference Protocol says it. */
export function inputsOf({ saved, isBytes, features }: ServedModel): object[] {
  const columns = saved.encoding?.columns;
  if (columns === undefined) {
    return [{ name: INPUT, datatype: isBytes ? 'UINT8' : 'FP32', shape: [-1, features] }];
  }
  return columns.map(({ name, categories, date }) => ({
    name,
    datatype: categories === null && !date ? 'FP64' : 'BYTES',
    shape: [-1],
  }));
}

/** What it gives. */
export function outputsOf(model: ServedModel): object[] {
  const { outputs, task, saved } = model;
  if (task === 'regression') return [{ name: 'output', datatype: 'FP64', shape: [-1, outputs] }];
  return [
    { name: 'probabilities', datatype: 'FP32', shape: [-1, outputs] },
    { name: answerOf(task), datatype: answerType(saved), shape: answerShape(model, -1) },
  ];
}

/** What the tensor of the answers is called: a class, or a yes or no of each label. */
const answerOf = (task: ServedModel['task']): string =>
  task === 'multi-label' ? 'labels' : 'label';

const answerType = ({ classNames, encoding }: ServedModel['saved']): 'BYTES' | 'INT64' =>
  classNames || encoding?.targets?.some(({ categories }) => categories) ? 'BYTES' : 'INT64';

const answerShape = ({ task, outputs }: ServedModel, rows: number): number[] =>
  task === 'multi-label' ? [rows, outputs] : [rows];

/**
 * The samples of a request's tensors: a tensor a column, or one called `input` (any name, where it is
 * the only one) of all features.
 *
 * @throws RequestError or BitgradError if they do not fit
 */
export function samplesOf(model: ServedModel, tensors: readonly InputTensor[]): Samples {
  const columns = model.sampler.columns;
  const [first] = tensors;
  const isWhole = columns === null || (tensors.length === 1 && !columns.includes(first!.name));
  if (!isWhole) return model.samplesOf(rowsOf(columns, tensors));
  if (tensors.length > 1) refuse('one input', tensors.map(({ name }) => name).join(', '));
  const { data, shape } = first!;
  const { features } = model;
  const rows = shape.length < 2 ? data.length / features : shape[0]!;
  if (rows * features !== data.length || !Number.isInteger(rows)) {
    const named = columns === null ? '' : `inputs among ${columns.join(', ')}, or one of `;
    refuse(`${named}a shape [rows,${features}]`, shape);
  }
  return model.samplesOf(
    Array.from({ length: rows }, (_, row): Sample => {
      const numbers = data.slice(row * features, (row + 1) * features);
      if (model.isBytes || columns === null) return numbers as number[];
      // Features, not cells; a text or null would become 0.
      return Float64Array.from(numbers, (value) =>
        value === null || typeof value === 'string' ? Number.NaN : Number(value),
      );
    }),
  );
}

function rowsOf(columns: readonly string[], tensors: readonly InputTensor[]): Sample[] {
  const rows = tensors[0]!.data.length;
  for (const [at, { name, shape, data }] of tensors.entries()) {
    if (shape.slice(1).some((size) => size !== 1)) refuse(`a shape [rows] of ${name}`, shape);
    if (tensors.findIndex((one) => one.name === name) !== at) refuse('each input once', name);
    if (data.length !== rows) refuse(`${rows} elements of ${name}, one a row`, data.length);
    if (!columns.includes(name)) refuse(`inputs among ${columns.join(', ')}`, name);
  }
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(tensors.map(({ name, data }) => [name, data[row]])),
  );
}

/** The tensors of an answer. */
export function tensorsOf(model: ServedModel, outputs: Float32Array): OutputTensor[] {
  const predictions = model.predictionsOf(outputs);
  const rows = predictions.length;
  const shape = [rows, model.outputs];
  if (model.task === 'regression') {
    const data = predictions.flatMap((one) => ('outputs' in one ? one.outputs : []));
    return [{ name: 'output', datatype: 'FP64', shape, data }];
  }
  const labels = predictions.flatMap((one) => {
    if ('outputs' in one) return [];
    return 'labels' in one ? one.labels : [one.className ?? one.label];
  });
  return [
    { name: 'probabilities', datatype: 'FP32', shape, data: [...outputs] },
    {
      name: answerOf(model.task),
      datatype: answerType(model.saved),
      shape: answerShape(model, rows),
      data: labels,
    },
  ];
}
