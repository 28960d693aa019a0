/**
 * Where a column that a model needs stands in a table.
 *
 * @param names of the table's columns
 * @param empty those that hold nothing in any row of JSON: unless the model has such a column, it may be an object, whose
 *   members are missing
 * @param known the model's columns
 * @returns its place, or -1 where it has none
 */
export function placeOfColumn(
  column: string,
  names: readonly string[],
  empty: ReadonlySet<string>,
  known: readonly string[],
): number {
  const place = names.indexOf(column);
  if (place >= 0) return place;
  return names.findIndex(
    (name) => empty.has(name) && !known.includes(name) && column.startsWith(`${name}.`),
  );
}
