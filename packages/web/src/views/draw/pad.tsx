import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Pixels } from '../../parts/pixels.js';
import { paint } from '../../parts/theme.js';
import { clearPad } from './drawing.js';
import { moveByKey } from './keyboard-pen.js';
import { PAD_SIZE } from './pad-size.js';
import { DENSITY, StrokePainter } from './paint-strokes.js';
import type { Point, Stroke } from './strokes.js';

interface PadProps {
  readonly strokes: readonly Stroke[];
  readonly onChange: (strokes: readonly Stroke[]) => void;
  /** What is shown, faintly, until somebody draws. */
  readonly example?: readonly Stroke[];
  readonly invitation?: string;
  /** A digit from a picture, `[28, 28]` bytes, which is there until somebody draws. */
  readonly picture?: Uint8Array | null;
  /** Shown on the pad itself, where there is no room beside it. */
  readonly answer?: ComponentChildren;
}

/** Where one draws: with a mouse, a pen, a finger, or the keyboard. */
export function Pad(props: PadProps) {
  const { strokes, onChange, answer, invitation, picture = null } = props;
  const example = picture === null ? props.example : undefined;
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(strokes);
  latest.current = strokes;
  const pointer = useRef<number | null>(null);
  const pen = useRef({ point: { x: PAD_SIZE / 2, y: PAD_SIZE / 4 }, isDown: false });
  const painted = paint.value;

  const painter = useRef<StrokePainter | null>(null);

  useEffect(() => {
    painter.current ??= new StrokePainter(canvas.current!);
    painter.current.paint(strokes.length === 0 && example ? example : strokes);
  }, [strokes, example, painted]);

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
          clearPad();
          return;
        }
        const before = pen.current;
        const after = moveByKey(before, event.key, event.shiftKey);
        if (after === null) return;
        event.preventDefault();
        pen.current = after;
        if (after.isDown && !before.isDown) begin(after.point);
        else if (after.isDown) goOn([after.point]);
        painter.current?.paint(latest.current, true);
        painter.current?.paintPen(after.point);
      }}
    >
      <canvas
        ref={canvas}
        width={PAD_SIZE * DENSITY}
        height={PAD_SIZE * DENSITY}
        class={strokes.length === 0 && example ? 'faint' : ''}
      />
      {strokes.length === 0 && picture !== null && (
        <Pixels values={picture} scale={255} label="" class="pad-picture" />
      )}
      {strokes.length === 0 && picture === null && (
        <span class="invitation" aria-hidden="true">
          {invitation ?? 'Draw here, from 0 to 9'}
        </span>
      )}
      {answer}
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
