const BITS = 16;
/** Elements of a piece. */
export const PIECE = 2 ** BITS;
const MASK = PIECE - 1;

/** In which piece an element is, and where in it. */
export const pieceOf = (index: number): number => index >>> BITS;
export const placeIn = (index: number): number => index & MASK;
/** Elements of the first one at the beginning: most tables are small, and have many columns. */
const FIRST = 16;

type Elements = Float64Array | Float32Array | Int32Array;

/** A list of numbers that grows by pieces, so that nothing is copied and little is left over. */
export class Growing<Kind extends Elements> {
  length = 0;
  private pieces: Kind[] = [];

  constructor(
    private make: (length: number) => Kind,
    /** What stands for the elements before the first that is pushed. */
    before = 0,
    value = 0,
  ) {
    while (this.pieces.length * PIECE < before) {
      const length = Math.min(PIECE, Math.max(FIRST, before - this.pieces.length * PIECE));
      this.pieces.push(make(length).fill(value) as Kind);
    }
    this.length = before;
  }

  push(value: number): void {
    const at = this.length;
    const offset = at & MASK;
    const index = at >>> BITS;
    const piece = this.pieces[index];
    if (piece !== undefined && offset < piece.length) piece[offset] = value;
    else this.enlarge(index)[offset] = value;
    this.length = at + 1;
  }

  pushAll(values: Float64Array | Int32Array): void {
    for (let done = 0; done < values.length; ) {
      const offset = this.length & MASK;
      const index = this.length >>> BITS;
      const old = this.pieces[index];
      const piece = old !== undefined && offset < old.length ? old : this.enlarge(index);
      const count = Math.min(piece.length - offset, values.length - done);
      piece.set(count === values.length ? values : values.subarray(done, done + count), offset);
      done += count;
      this.length += count;
    }
  }

  /** The elements from `PIECE · index`. */
  piece(index: number): Kind {
    return this.pieces[index]!;
  }

  /** A piece that is full, with room for more; or a new one. */
  private enlarge(index: number): Kind {
    const old = this.pieces[index];
    const piece = this.make(old ? Math.min(PIECE, 4 * old.length) : index === 0 ? FIRST : PIECE);
    if (old) piece.set(old);
    this.pieces[index] = piece;
    return piece;
  }

  /** Keeps the elements, and those to come, in another form. */
  become(make: (length: number) => Kind): void {
    this.make = make;
    this.pieces = this.pieces.map((piece) => {
      const other = make(piece.length);
      other.set(piece);
      return other;
    });
  }

  /** Frees a piece, at once where the engine can (ECMAScript 2024). */
  release(piece: number): void {
    const { buffer } = this.pieces[piece]! as {
      buffer: { transfer?: (length: number) => unknown };
    };
    buffer.transfer?.(0);
    this.pieces[piece] = this.make(0);
  }
}

export const growingDoubles = (before: number): Growing<Float64Array | Float32Array> =>
  new Growing<Float64Array | Float32Array>(
    (length) => new Float64Array(length),
    before,
    Number.NaN,
  );

export const growingCodes = (before: number, value: number): Growing<Int32Array> =>
  new Growing((length) => new Int32Array(length), before, value);
