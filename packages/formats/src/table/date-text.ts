/** A date as the text of a cell: the day alone where it is midnight in UTC; null where it is none. */
export function dateText(date: Date): string | null {
  if (Number.isNaN(date.getTime())) return null;
  const text = date.toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text;
}

/** A time of day as the text of a cell. */
export function clockText(seconds: number): string {
  const date = new Date(Math.floor(seconds) * 1000).toISOString().slice(11, 19);
  const fraction = (seconds % 1)
    .toFixed(6)
    .slice(1)
    .replace(/\.?0+$/, '');
  return date + fraction;
}
