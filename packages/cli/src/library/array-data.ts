import { BitgradError, type Dataset, show } from '@bitgrad/core';
import { lossIn } from '@bitgrad/formats/table';

/** Samples in typed arrays. */
export interface ArrayData {
  /** `[samples, features]`, row by row: bytes for pixels, else numbers. */
  readonly inputs: Uint8Array | Uint8ClampedArray | Float32Array | Float64Array;
  /** `[samples]`: a class for each, by number from 0 or by name. */
  readonly labels?: ArrayLike<number | string>;
  /** `[samples, outputs]`: the numbers to learn, instead of classes. */
  readonly values?: ArrayLike<number>;
  /** The outputs of a sample, where `values` has several: 1 if left out. */
  readonly outputs?: number;
  /** Of images. */
  readonly image?: { readonly height: number; readonly width: number };
}

/** Whether something is samples in typed arrays. */
export function isArrayData(data: object): data is ArrayData {
  return 'inputs' in data && ArrayBuffer.isView(data.inputs);
}

/**
 * A data set of typed arrays.
 *
 * @throws BitgradError if sizes do not fit each other, or a number is not finite
 */
export function datasetOfArrays(data: ArrayData): Dataset {
  const { labels, values, outputs = 1, image = null } = data;
  const samples = labels?.length ?? (values?.length ?? 0) / outputs;
  if ((labels === undefined) === (values === undefined) || !Number.isInteger(samples)) {
    throw new BitgradError(
      `data: expected labels [samples], or values [samples,outputs], received ${labels ? 'both' : show(values?.length)}`,
    );
  }
  const inputs = numbersOf(data.inputs);
  if (samples === 0 || inputs.length % samples !== 0) {
    throw new BitgradError(
      `data: expected inputs [samples,features] for ${samples} samples, received ${inputs.length} numbers`,
    );
  }
  const features = inputs.length / samples;
  const notes = [...lossesIn(data.inputs, features, ''), ...lossesIn(values ?? [], outputs, 'y')];
  return {
    name: 'arrays',
    inputs,
    features,
    image,
    ...targetsOf(labels, values),
    trainCount: samples,
    testCount: 0,
    ...(notes.length > 0 ? { notes } : {}),
  };
}

/** Which columns of binary64 have numbers that become one in binary32, in words. */
function lossesIn(values: ArrayLike<number>, width: number, prefix: string): string[] {
  if (ArrayBuffer.isView(values) && !(values instanceof Float64Array)) return [];
  return Array.from({ length: width }, (_, column) => {
    const name = prefix !== '' && width === 1 ? prefix : `${prefix}${column + 1}`;
    return lossIn(values, column, width, name);
  }).filter((note) => note !== null);
}

function targetsOf(
  labels: ArrayData['labels'],
  values: ArrayData['values'],
): Pick<Dataset, 'labels' | 'classes' | 'classNames' | 'values'> {
  if (labels === undefined) {
    const numbers = Float32Array.from(values ?? []);
    checkFinite(numbers, 'values');
    return { labels: new Uint32Array(0), classes: 0, values: numbers };
  }
  const list = Array.from(labels);
  if (list.every((label) => Number.isInteger(label) && (label as number) >= 0)) {
    const classes = list.reduce<number>((most, label) => Math.max(most, Number(label) + 1), 2);
    return { labels: Uint32Array.from(list as number[]), classes };
  }
  // In the order of code units, as a table's classes are.
  const classNames = [...new Set(list.map(String))].sort();
  const indices = new Map(classNames.map((name, index) => [name, index]));
  return {
    labels: Uint32Array.from(list, (label) => indices.get(String(label))!),
    classes: classNames.length,
    classNames,
  };
}

function numbersOf(inputs: ArrayData['inputs']): Uint8Array | Float32Array {
  if (inputs instanceof Uint8Array) return inputs;
  if (inputs instanceof Uint8ClampedArray) return Uint8Array.from(inputs);
  const numbers = Float32Array.from(inputs);
  checkFinite(numbers, 'inputs');
  return numbers;
}

function checkFinite(numbers: Float32Array, what: string): void {
  const at = numbers.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new BitgradError(
    `data: expected ${what} that are finite, received ${numbers[at]} at index ${at}`,
  );
}
