/** A message with a dictionary, or with more of one. */
export interface DictionaryBatch {
  readonly id: number;
  readonly isDelta: boolean;
  readonly data: { readonly nodes: readonly { readonly length: number }[] };
}

/** How many values dictionaries say that they have: all that were ever written, and without those that were replaced. */
export function dictionaryValues(batches: readonly DictionaryBatch[]): {
  all: number;
  most: number;
} {
  const now = new Map<number, number>();
  const most = new Map<number, number>();
  let all = 0;
  for (const { id, isDelta, data } of batches) {
    const values = data.nodes.reduce((sum, { length }) => sum + Math.abs(length), 0);
    const size = (isDelta ? (now.get(id) ?? 0) : 0) + values;
    all += values;
    now.set(id, size);
    most.set(id, Math.max(size, most.get(id) ?? 0));
  }
  return { all, most: [...most.values()].reduce((sum, size) => sum + size, 0) };
}
