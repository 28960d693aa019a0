/** Numbers as the page writes them. */

/** A fraction as a percentage, as in `97.31 %`; no line ends before its sign. */
export function percent(fraction: number, digits = 2): string {
  return `${(100 * fraction).toFixed(digits)}\u00a0%`;
}

/** A large count, as in `83 400`, of three digits that count. */
export function rough(value: number): string {
  if (value < 1000) return String(Math.round(value));
  const unit = 10 ** (Math.floor(Math.log10(value)) - 2);
  return grouped(Math.round(value / unit) * unit);
}

/** A count with thin spaces between the thousands. */
export function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** Bytes as megabytes, as in `1.9 MB`. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A number for reading, with a true minus sign. */
export function decimal(value: number, digits = 4): string {
  const text =
    Math.abs(value) >= 1e-4 || value === 0 ? value.toFixed(digits) : value.toExponential(2);
  return text.replaceAll('-', '\u2212');
}
