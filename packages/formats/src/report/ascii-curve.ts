import { formatNumber } from './report.js';

/** Rows of dots in a braille character, and its dots from top to bottom, left then right. */
const DOT_ROWS = 4;
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;
const BRAILLE = 0x2800;

/**
 * Draws values as a line for a terminal, in braille characters, of which each has 2×4 dots.
 *
 * @param size characters of a line, the axis at the left included, and lines
 * @returns `height` lines, or an empty text where there is no finite value
 */
export function asciiCurve(
  values: readonly number[],
  { width, height }: { readonly width: number; readonly height: number },
): string {
  const shown = values.filter(Number.isFinite);
  if (shown.length === 0) return '';
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  const axis = [formatNumber(high), formatNumber(low)];
  const margin = Math.max(...axis.map((text) => text.length));
  const columns = Math.max(1, width - margin - 2);
  const cells = Array.from({ length: height }, () => new Array<number>(columns).fill(0));
  let previous: number | null = null;
  for (let x = 0; x < 2 * columns; x += 1) {
    const value = valueAt(shown, x / Math.max(1, 2 * columns - 1));
    const share = high > low ? (high - value) / (high - low) : 0.5;
    const y = Math.round(share * (DOT_ROWS * height - 1));
    const begin = previous === null ? y : Math.min(y, previous + Math.sign(y - previous));
    const end = previous === null ? y : Math.max(y, previous + Math.sign(y - previous));
    for (let dot = begin; dot <= end; dot += 1) {
      cells[Math.floor(dot / DOT_ROWS)]![x >> 1]! |= DOTS[x % 2]![dot % DOT_ROWS]!;
    }
    previous = y;
  }
  return cells
    .map((row, index) => {
      const text = index === 0 ? axis[0]! : index === height - 1 ? axis[1]! : '';
      const line = row.map((dots) => (dots === 0 ? ' ' : String.fromCharCode(BRAILLE + dots)));
      return `${text.padStart(margin)} ┤${line.join('')}`.trimEnd();
    })
    .join('\n');
}

/** The value at a place from 0 to 1, on the line from one value to the next. */
function valueAt(values: readonly number[], place: number): number {
  const at = place * (values.length - 1);
  const before = Math.min(Math.floor(at), values.length - 1);
  const after = Math.min(before + 1, values.length - 1);
  return values[before]! + (values[after]! - values[before]!) * (at - before);
}
