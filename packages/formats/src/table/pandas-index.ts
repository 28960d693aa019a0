/** The columns that are pandas' index of the rows, by what it says in the metadata of a file that it wrote. */
export function pandasIndex(text: string | undefined): readonly string[] {
  try {
    const { index_columns: columns } = JSON.parse(text ?? '{}') as { index_columns?: unknown };
    return Array.isArray(columns) ? columns.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}
