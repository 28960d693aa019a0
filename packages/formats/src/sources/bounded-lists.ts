/**
 * Does something, meanwhile refusing to make lists of more elements than there are bytes. The reader of
 * Arrow makes lists of as many elements as a file says, reading zeros past its end: four bytes could
 * keep it busy for hours. The work must end before this does.
 *
 * @throws Error where a longer list is asked for, and what `work` throws
 */
export function withBoundedLists<Result>(bytes: number, work: () => Result): Result {
  const { from } = Array;
  const bounded = (
    source: ArrayLike<unknown>,
    map: (value: unknown, index: number) => unknown = (value) => value,
  ): unknown[] => {
    if (source.length > bytes) throw new Error(`a list of ${source.length} in ${bytes} bytes`);
    return from.call<ArrayConstructor, Parameters<typeof bounded>, unknown[]>(Array, source, map);
  };
  Array.from = bounded as typeof from;
  try {
    return work();
  } finally {
    Array.from = from;
  }
}
