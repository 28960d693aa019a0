import { BitgradError, type Dataset, imageFeatures } from '@bitgrad/core';
import { firstChannel, hasColour } from '../images/fit-image.js';
import { greyOf } from '../images/grey.js';
import { checkInputSize } from '../limits.js';
import type { LoadOptions } from '../options.js';
import { type ArraySource, type NumberArray, peekArray, readArray } from './read-array.js';

/** What an array's samples are. */
interface Layout {
  readonly samples: number;
  readonly features: number;
  readonly image: Dataset['image'];
  /** Whether colours in bytes are to become grey. */
  readonly greys: boolean;
  readonly isBytes: boolean;
  readonly type: string;
}

/** Types of numbers that binary32 may not hold. */
const WIDE: readonly string[] = ['f8', 'i4', 'u4', 'i8', 'u8'];

/** Samples of all parts in one array. */
export interface ArrayInputs extends Layout {
  /** Numbers that binary32 may not hold, of no images, stay binary64. */
  readonly inputs: Uint8Array | Float32Array | Float64Array;
  /** Samples of each part. */
  readonly counts: readonly number[];
}

/**
 * Reads arrays of samples one after the other: `[samples, features]`, or images
 * `[samples, height, width]`, also with a dimension of 1 for one channel, or with 3 last for colours,
 * which become grey where that is wanted (bytes alone). Unsigned bytes stay bytes; all else becomes
 * binary32.
 *
 * @param options `rules: 1`: as version 0.1.0 read them, all in binary32; `missing: 'error'`: none missing
 * @throws BitgradError if an array is something else, or the arrays do not fit each other
 */
export async function readInputs(
  sources: readonly ArraySource[],
  channels: 1 | 3 | null,
  { rules, missing }: Pick<LoadOptions, 'rules' | 'missing'>,
): Promise<ArrayInputs> {
  const layouts: Layout[] = [];
  for (const source of sources) layouts.push(await layoutOf(source, channels));
  const first = layouts[0]!;
  for (const [index, layout] of layouts.entries()) checkSame(first, layout, sources[index]!.place);
  const counts = layouts.map(({ samples }) => samples);
  const samples = counts.reduce((sum, count) => sum + count, 0);
  const { features, isBytes, greys } = first;
  checkInputSize(sources[0]!.place, samples, features * (greys ? 3 : 1), isBytes ? 1 : 4);
  const length = samples * features;
  const isTable = rules !== 1 && first.image === null;
  const mayMiss = isTable && missing !== 'error';
  const isWide = isTable && layouts.some(({ type }) => WIDE.includes(type));
  const Numbers = isWide ? Float64Array : Float32Array;
  const inputs = isBytes ? new Uint8Array(length) : new Numbers(length);
  let next = 0;
  for (const [index, source] of sources.entries()) {
    const part = inputs.subarray(next, next + counts[index]! * features);
    if (!greys) await readArray(source, () => part);
    else putGrey(await readArray(source, (_, size) => new Uint8Array(size)), part as Uint8Array);
    if (!(part instanceof Uint8Array)) checkFinite(part, features, source.place, mayMiss);
    next += part.length;
  }
  if (channels === null && !(inputs instanceof Float64Array) && isGrey(first, inputs)) {
    const { height, width } = first.image!;
    const grey = { features: height * width, image: { height, width } };
    return { ...first, ...grey, samples, inputs: firstChannel(inputs as Uint8Array), counts };
  }
  return { ...first, samples, inputs, counts };
}

/** Whether colours that nobody asked for are all grey. */
function isGrey({ image }: Layout, inputs: Uint8Array | Float32Array): boolean {
  return image?.channels === 3 && inputs instanceof Uint8Array && !hasColour(inputs);
}

async function layoutOf(source: ArraySource, channels: 1 | 3 | null): Promise<Layout> {
  const { shape, type } = await peekArray(source);
  const [samples = 0, ...sizes] = shape;
  const isBytes = type === 'u1';
  const common = { samples, isBytes, type, greys: false };
  if (sizes.length === 1) return { ...common, features: sizes[0]!, image: null };
  const isColour = sizes.length === 3 && sizes[2] === 3;
  const image = isColour ? sizes.slice(0, 2) : withoutChannel(sizes);
  if (image.length !== 2) {
    throw new BitgradError(
      `${source.place}: expected samples [count, features] or images [count, height, width], received the shape (${shape.join(', ')}) of ${type}`,
    );
  }
  const [height, width] = image as [number, number];
  const greys = isColour && channels === 1 && isBytes;
  const size = { height, width, ...(isColour && !greys && { channels: 3 }) };
  return { ...common, features: imageFeatures(size), image: size, greys };
}

function withoutChannel(sizes: readonly number[]): readonly number[] {
  if (sizes.length !== 3) return sizes;
  if (sizes[2] === 1) return sizes.slice(0, 2);
  return sizes[0] === 1 ? sizes.slice(1) : sizes;
}

function checkSame(first: Layout, layout: Layout, place: string): void {
  const describe = ({ image, features, isBytes }: Layout): string =>
    `${image ? `${image.height}×${image.width}${image.channels ? '×3' : ''}` : features} ${isBytes ? 'bytes' : 'numbers'}`;
  if (describe(first) === describe(layout) && first.greys === layout.greys) return;
  throw new BitgradError(
    `${place}: expected samples of ${describe(first)} as in the training part, received ${describe(layout)}`,
  );
}

function putGrey({ shape, values }: NumberArray<Uint8Array>, out: Uint8Array): void {
  const [count = 0, height = 0, width = 0] = shape;
  const pixels = new Uint8Array(height * width * 4).fill(255);
  for (let sample = 0; sample < count; sample += 1) {
    const start = sample * height * width;
    for (let i = 0; i < height * width; i += 1) {
      const from = (start + i) * 3;
      pixels.set(values.subarray(from, from + 3), i * 4);
    }
    out.set(greyOf({ height, width, pixels }), start);
  }
}

function checkFinite(
  values: Float32Array | Float64Array,
  features: number,
  place: string,
  mayMiss: boolean,
): void {
  const at = values.findIndex(
    (value: number) => !Number.isFinite(Math.fround(value)) && !(mayMiss && Number.isNaN(value)),
  );
  if (at < 0) return;
  throw new BitgradError(
    `${place}: expected numbers that binary32 can hold, received ${values[at]} (sample ${Math.floor(at / features)}, feature ${at % features}, both counted from 0)`,
  );
}
