import { printable } from '@bitgrad/core/errors';

/** `60,000`: the same in every locale, none of which is loaded for it. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `auto, native or ts`. */
export function formatChoices(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), ...names.slice(-1)].join(' or ');
}

/** `97.31 %` of a fraction, or `–` of none. */
export function formatPercent(fraction: number | null): string {
  return fraction === null || Number.isNaN(fraction) ? '–' : `${(100 * fraction).toFixed(2)} %`;
}

/** `0.0912`, or `–` of none. */
export function formatLoss(loss: number | null): string {
  if (loss === null) return '–';
  return loss === 0 || loss >= 1e-4 ? loss.toFixed(4) : loss.toExponential(2);
}

/** `3.14 s`, `2 min 5 s` or `1 h 2 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `0:07`, `12:30` or `1:02:05`, rounded up. */
export function formatClock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  const end = twoDigits(whole % 60);
  return hours === 0 ? `${minutes}:${end}` : `${hours}:${twoDigits(minutes)}:${end}`;
}

/** `8,575`, `430k` or `1.2M`. */
export function formatRate(rate: number): string {
  if (rate < 1e4) return formatCount(rate);
  return rate < 1e6 ? `${Math.round(rate / 1e3)}k` : `${(rate / 1e6).toFixed(1)}M`;
}

/** `101.8 kB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1e3) return `${bytes} bytes`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** `1 thread`, `2 threads`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * Rows of cells in columns, each as wide as its widest cell, aligned to the right but for the
 * first column.
 */
export function formatTable(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]!.length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join('  '),
  );
}

/** A text of at most `length` letters; a longer one ends in `…`. */
export function clipText(text: string, length: number): string {
  const safe = printable(text);
  return safe.length > length ? `${safe.slice(0, length - 1)}…` : safe;
}
