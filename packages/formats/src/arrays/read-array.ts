import { BitgradError } from '@bitgrad/core';
import { maximumInputBytes } from '../limits.js';
import { elementType } from './element.js';
import { type NpyHeader, npyHeaderEnd, readNpyHeader } from './npy-header.js';

/** An array in a file, read from its beginning as often as asked. */
export interface ArraySource {
  /** The array's name, without `.npy`. */
  readonly name: string;
  /** Named in errors, as in `data.npz: x_train`. */
  readonly place: string;
  /** What its file says it takes, header included. */
  readonly bytes: number;
  open(): Promise<AsyncIterable<Uint8Array>>;
}

/** An array's shape and elements, the last dimension running fastest. */
export interface NumberArray<Values> {
  readonly shape: readonly number[];
  readonly values: Values;
}

/** What holds the elements of an array that is read. */
export type Values = Uint8Array | Float32Array | Float64Array;

/**
 * Reads an array piece by piece into memory that is allocated once, when the header and the file
 * agree on its size.
 *
 * @param allocate what to fill, for the array's type and number of elements
 * @throws BitgradError if header and file do not agree, or elements are no numbers that are read
 */
export async function readArray<Out extends Values>(
  source: ArraySource,
  allocate: (type: string, length: number) => Out,
): Promise<NumberArray<Out>> {
  const { place } = source;
  let reader: ElementReader<Out> | undefined;
  let pending: Uint8Array = new Uint8Array(0);
  for await (const piece of await source.open()) {
    pending = pending.length === 0 ? piece : Buffer.concat([pending, piece]);
    if (reader === undefined) {
      const end = npyHeaderEnd(pending, place);
      if (end === undefined || pending.length < end) continue;
      reader = new ElementReader(source, readNpyHeader(pending, end, place), allocate);
      pending = pending.subarray(end);
    }
    pending = reader.take(pending);
  }
  if (reader === undefined) {
    throw new BitgradError(
      `${place}: expected an NPY array, received ${source.bytes} bytes; the header is cut off`,
    );
  }
  return reader.finish(pending);
}

/** Only the header of an array. */
export async function peekArray(source: ArraySource): Promise<NpyHeader> {
  let pending: Uint8Array = new Uint8Array(0);
  for await (const piece of await source.open()) {
    pending = Buffer.concat([pending, piece]);
    const end = npyHeaderEnd(pending, source.place);
    if (end !== undefined && pending.length >= end)
      return readNpyHeader(pending, end, source.place);
  }
  throw new BitgradError(
    `${source.place}: expected an NPY array, received a header that is cut off`,
  );
}

/** Brings elements whose first dimension runs fastest into the order in which the last one does. */
function turn(values: Values, shape: readonly number[]): void {
  const stored = values.slice();
  const steps = shape.map((_, axis) => shape.slice(0, axis).reduce((step, size) => step * size, 1));
  const place = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let to = 0; to < values.length; to += 1) {
    values[to] = stored[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      place[axis]! += 1;
      from += steps[axis]!;
      if (place[axis]! < shape[axis]!) break;
      from -= steps[axis]! * shape[axis]!;
      place[axis] = 0;
    }
  }
}

class ElementReader<Out extends Values> {
  private readonly values: Out;
  private readonly element;
  private next = 0;

  constructor(
    private readonly source: ArraySource,
    private readonly header: NpyHeader,
    allocate: (type: string, length: number) => Out,
  ) {
    const { type, shape, offset } = header;
    this.element = elementType(type, source.place);
    const length = shape.reduce((product, size) => product * size, 1);
    const bytes = offset + length * this.element.bytes;
    if (source.bytes !== bytes) {
      throw new BitgradError(
        `${source.place}: expected ${bytes} bytes for the shape (${shape.join(', ')}) of ${type}, received ${source.bytes}`,
      );
    }
    if (length > maximumInputBytes) {
      throw new BitgradError(
        `${source.place}: expected at most ${maximumInputBytes} elements, received ${length}`,
      );
    }
    this.values = allocate(type, length);
  }

  /** Takes the whole elements of a piece and gives back the rest. */
  take(piece: Uint8Array): Uint8Array {
    const { values, element, header } = this;
    const { bytes, read } = element;
    const count = Math.floor(piece.length / bytes);
    if (this.next + count > values.length) throw this.notAsSaid();
    if (values instanceof Uint8Array && header.type === 'u1') values.set(piece, this.next);
    else {
      const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
      for (let i = 0; i < count; i += 1) {
        values[this.next + i] = read(view, i * bytes, header.isLittleEndian);
      }
    }
    this.next += count;
    return piece.subarray(count * bytes);
  }

  /** @param rest what no whole element was made of */
  finish(rest: Uint8Array): NumberArray<Out> {
    if (this.next !== this.values.length || rest.length > 0) throw this.notAsSaid();
    if (this.header.isFortran) turn(this.values, this.header.shape);
    return { shape: this.header.shape, values: this.values };
  }

  private notAsSaid(): BitgradError {
    return new BitgradError(
      `${this.source.place}: expected ${this.values.length} elements, received another number; the file is damaged`,
    );
  }
}
