/** An array of a shape with its dimensions in another order, as `numpy.transpose` gives it. */
export function permuted(
  values: Float32Array,
  shape: readonly number[],
  order: readonly number[],
): Float32Array {
  const strides = shape.map((_, at) =>
    shape.slice(at + 1).reduce((product, size) => product * size, 1),
  );
  const result = new Float32Array(values.length);
  const place = new Array<number>(shape.length).fill(0);
  for (let at = 0; at < result.length; at += 1) {
    const from = order.reduce((sum, axis, i) => sum + place[i]! * strides[axis]!, 0);
    result[at] = values[from]!;
    // Counts up the place in the result, its last dimension first.
    for (let i = order.length - 1; i >= 0; i -= 1) {
      place[i] = place[i]! + 1;
      if (place[i]! < shape[order[i]!]!) break;
      place[i] = 0;
    }
  }
  return result;
}
