import { BitgradError, show } from '../errors.js';
import { isWhole, LARGEST_WIDTH, widthsError } from './fields.js';
import { kindOf, LAYER_TYPES } from './kinds.js';
import { type ImageShape, type Shape, sizeOf } from './shape.js';
import type { LayerItem, LayerSpec } from './spec.js';

/** Far more than anybody trains, and few enough for what looks at each layer beside each other. */
const MOST_LAYERS = 1000;

/**
 * Checks a recipe's `layers` that came from outside, item by item.
 *
 * @returns the same layers with what they leave out filled in; a plain dense layer is its number
 * @throws BitgradError that names the layer
 */
export function checkItems(raw: unknown): LayerItem[] {
  if (!Array.isArray(raw) || raw.length < 2 || raw.every((item) => isOddNumber(item))) {
    throw widthsError(raw);
  }
  if (raw.length > MOST_LAYERS) {
    throw new BitgradError(`expected at most ${MOST_LAYERS} layers, received ${raw.length}`);
  }
  return raw.map((item: unknown, at) => (at === 0 ? checkInput(item) : checkItem(item, at, raw)));
}

const isOddNumber = (item: unknown): boolean => typeof item === 'number' && !isWhole(item);

function checkInput(item: unknown): number | ImageShape {
  if (isWhole(item)) return item;
  const isImage =
    Array.isArray(item) &&
    item.length === 3 &&
    item.every((size) => isWhole(size)) &&
    sizeOf(item) <= LARGEST_WIDTH;
  if (isImage) return [...item] as unknown as ImageShape;
  throw new BitgradError(
    `expected first the input, a number of features or [height, width, channels], of 1 to ${LARGEST_WIDTH} numbers, received ${show(item)}`,
  );
}

function checkItem(item: unknown, at: number, raw: unknown): LayerItem {
  if (typeof item === 'number') {
    if (isWhole(item)) return item;
    throw widthsError(raw);
  }
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    throw new BitgradError(
      `expected a number of units or an object with a type (layer ${at}), received ${show(item)}`,
    );
  }
  const fields = item as Readonly<Record<string, unknown>>;
  if (!LAYER_TYPES.includes(fields.type as LayerSpec['type'])) {
    throw new BitgradError(
      `expected a type of layer ${at}, one of ${LAYER_TYPES.join(', ')}, received ${show(fields.type)}`,
    );
  }
  const spec = named(fields as unknown as LayerSpec, at, () =>
    kindOf(fields as unknown as LayerSpec).check(fields),
  );
  return spec.type === 'dense' && spec.activation === undefined ? spec.units : spec;
}

/** Runs `work` on a layer, naming it where an error comes of it. */
export function named<Result>(
  { type }: Pick<LayerSpec, 'type'>,
  at: number | null,
  work: () => Result,
): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof BitgradError)) throw error;
    const where = at === null ? type : `${type} (layer ${at})`;
    throw new BitgradError(`${where}: ${error.message}`, error.fix);
  }
}

/** The input's shape, which the first item of `layers` gives. */
export function inputShapeOf(layers: readonly LayerItem[]): Shape {
  const [first] = layers;
  return typeof first === 'number' ? [first] : (first as ImageShape);
}

/** The layers after the input, each as a description. */
export function specsOf(layers: readonly LayerItem[]): LayerSpec[] {
  return layers
    .slice(1)
    .map((item) => (typeof item === 'number' ? { type: 'dense', units: item } : item) as LayerSpec);
}
