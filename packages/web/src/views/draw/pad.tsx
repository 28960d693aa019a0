import { useEffect, useRef } from 'preact/hooks';
import { paint } from '../../parts/theme.js';
import { moveByKey } from './keyboard-pen.js';
import { PAD_SIZE, PEN_RADIUS } from './pad-size.js';
import type { Point, Stroke } from './strokes.js';

interface PadProps {
  readonly strokes: readonly Stroke[];
  readonly onChange: (strokes: readonly Stroke[]) => void;
}

/** Canvas pixels for each unit of the pad: enough for sharp lines on dense screens. */
const DENSITY = 6;

/** Where one draws: with a mouse, a pen, a finger, or the keyboard. */
export function Pad({ strokes, onChange }: PadProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(strokes);
  latest.current = strokes;
  const pointer = useRef<number | null>(null);
  const pen = useRef({ point: { x: PAD_SIZE / 2, y: PAD_SIZE / 4 }, isDown: false });
  const painted = paint.value;

  useEffect(() => paintStrokes(canvas.current!, strokes), [strokes, painted]);

  const change = (next: readonly Stroke[]) => {
    latest.current = next;
    onChange(next);
  };
  const begin = (point: Point) => change([...latest.current, [point]]);
  const goOn = (points: readonly Point[]) => {
    const last = latest.current.at(-1) ?? [];
    change([...latest.current.slice(0, -1), [...last, ...points]]);
  };

  return (
    <div
      class="pad"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard draws here too.
      tabIndex={0}
      role="application"
      aria-label="Drawing pad. With the keyboard: arrow keys move the pen, space puts it down or lifts it, Escape clears."
      onPointerDown={(event) => {
        if (pointer.current !== null || event.button !== 0) return;
        pointer.current = event.pointerId;
        event.currentTarget.setPointerCapture(event.pointerId);
        begin(place(event, event.currentTarget));
      }}
      onPointerMove={(event) => {
        if (event.pointerId !== pointer.current) return;
        const target = event.currentTarget;
        const events = event.getCoalescedEvents?.() ?? [];
        goOn((events.length > 0 ? events : [event]).map((one) => place(one, target)));
      }}
      onPointerUp={() => {
        pointer.current = null;
      }}
      onPointerCancel={() => {
        pointer.current = null;
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          pen.current.isDown = false;
          change([]);
          return;
        }
        const before = pen.current;
        const after = moveByKey(before, event.key, event.shiftKey);
        if (after === null) return;
        event.preventDefault();
        pen.current = after;
        if (after.isDown && !before.isDown) begin(after.point);
        else if (after.isDown) goOn([after.point]);
        paintStrokes(canvas.current!, latest.current);
        paintPen(canvas.current!, after.point);
      }}
    >
      <canvas ref={canvas} width={PAD_SIZE * DENSITY} height={PAD_SIZE * DENSITY} />
      {strokes.length === 0 && (
        <span class="invitation" aria-hidden="true">
          Draw here, from 0 to 9
        </span>
      )}
    </div>
  );
}

/** A pointer's place on the pad, in the pad's units. */
function place({ clientX, clientY }: PointerEvent, pad: HTMLElement): Point {
  const box = pad.getBoundingClientRect();
  return {
    x: ((clientX - box.left) / box.width) * PAD_SIZE,
    y: ((clientY - box.top) / box.height) * PAD_SIZE,
  };
}

function paintStrokes(canvas: HTMLCanvasElement, strokes: readonly Stroke[]): void {
  const context = canvas.getContext('2d')!;
  context.setTransform(DENSITY, 0, 0, DENSITY, 0, 0);
  context.clearRect(0, 0, PAD_SIZE, PAD_SIZE);
  context.strokeStyle = inkColour();
  context.lineWidth = 2 * PEN_RADIUS;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const [first, ...rest] of strokes) {
    context.beginPath();
    context.moveTo(first!.x, first!.y);
    for (const { x, y } of rest.length > 0 ? rest : [first!]) context.lineTo(x, y);
    context.stroke();
  }
}

/** Shows where the pen of the keyboard is. */
function paintPen(canvas: HTMLCanvasElement, { x, y }: Point): void {
  const context = canvas.getContext('2d')!;
  context.strokeStyle = inkColour();
  context.lineWidth = 1;
  context.beginPath();
  context.arc(x, y, PEN_RADIUS + 2, 0, 2 * Math.PI);
  context.stroke();
}

function inkColour(): string {
  return getComputedStyle(document.documentElement).getPropertyValue('--ink').trim();
}
