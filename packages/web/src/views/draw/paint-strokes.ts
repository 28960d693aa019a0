import { PAD_SIZE, PEN_RADIUS } from './pad-size.js';
import type { Point, Stroke } from './strokes.js';

/** Canvas pixels for each unit of the pad: enough for sharp lines on dense screens. */
export const DENSITY = 6;

/** Paints what is new of some strokes where only points were added, and all of them otherwise. */
export class StrokePainter {
  private painted: readonly Stroke[] = [];
  private colour = '';

  constructor(private readonly canvas: HTMLCanvasElement) {}

  /** @param isWhole whether to begin anew, because something else was painted over it */
  paint(strokes: readonly Stroke[], isWhole = false): void {
    const context = this.canvas.getContext('2d')!;
    const colour = inkColour();
    const isLonger = !isWhole && colour === this.colour && goesOn(this.painted, strokes);
    const begin = isLonger ? Math.max(0, this.painted.length - 1) : 0;
    const at = isLonger ? Math.max(0, (this.painted.at(-1)?.length ?? 0) - 1) : 0;
    if (!isLonger) {
      context.setTransform(DENSITY, 0, 0, DENSITY, 0, 0);
      context.clearRect(0, 0, PAD_SIZE, PAD_SIZE);
    }
    Object.assign(context, {
      strokeStyle: colour,
      lineWidth: 2 * PEN_RADIUS,
      lineCap: 'round',
      lineJoin: 'round',
    });
    for (const [index, stroke] of strokes.slice(begin).entries())
      paintStroke(context, index === 0 ? stroke.slice(at) : stroke);
    this.painted = strokes;
    this.colour = colour;
  }

  /** Shows where the pen of the keyboard is. */
  paintPen({ x, y }: Point): void {
    const context = this.canvas.getContext('2d')!;
    context.strokeStyle = inkColour();
    context.lineWidth = 1;
    context.beginPath();
    context.arc(x, y, PEN_RADIUS + 2, 0, 2 * Math.PI);
    context.stroke();
  }
}

/** Whether `after` only adds to `before`: points to its last stroke, or strokes behind it. */
export function goesOn(before: readonly Stroke[], after: readonly Stroke[]): boolean {
  if (before.length === 0 || after.length < before.length) return false;
  return before.every((stroke, index) => {
    const other = after[index]!;
    if (stroke === other) return true;
    const isLast = index === before.length - 1;
    const end = stroke.length - 1;
    return isLast && stroke[0] === other[0] && stroke[end] === other[end];
  });
}

function paintStroke(context: CanvasRenderingContext2D, [first, ...rest]: Stroke): void {
  if (first === undefined) return;
  context.beginPath();
  context.moveTo(first.x, first.y);
  for (const { x, y } of rest.length > 0 ? rest : [first]) context.lineTo(x, y);
  context.stroke();
}

function inkColour(): string {
  return getComputedStyle(document.documentElement).getPropertyValue('--ink').trim();
}
