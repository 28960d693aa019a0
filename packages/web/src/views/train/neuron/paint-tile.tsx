import { useRef, useState } from 'preact/hooks';
import { largest, Pixels } from '../../../parts/pixels.js';
import { Segmented } from '../../../parts/segmented.js';
import { paintUnit } from '../../../state/touch.js';
import { imageOf, type UnitImages } from '../net/units.js';
import { paintedTile } from './painted-tile.js';

const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

type Want = 'ink' | 'none';

/** A neuron's weights as a large tile to paint on, with the pointer or the keyboard. */
export function PaintTile({
  unit,
  images,
}: {
  readonly unit: number;
  readonly images: UnitImages;
}) {
  const { height, width } = images;
  const values = imageOf(images, unit).values.slice();
  const scale = largest(values);
  const [want, setWant] = useState<Want>('ink');
  const [place, setCursor] = useState<readonly [number, number]>([14, 14]);
  // Another network's tiles may be smaller.
  const cursor = [Math.min(width - 1, place[0]), Math.min(height - 1, place[1])] as const;
  // What was painted stands here at once; the network's answer comes a moment later.
  const latest = useRef<{ unit: number; values: Float32Array }>({ unit, values });
  const isPainting = useRef(false);
  if (latest.current.unit !== unit || !isPainting.current) latest.current = { unit, values };
  const paintAt = (x: number, y: number) => {
    const tile = { values: latest.current.values, height, width };
    const next = paintedTile(tile, x, y, want === 'ink' ? scale : -scale);
    latest.current = { unit, values: next };
    paintUnit(unit, next);
  };
  const paintUnder = ({ clientX, clientY }: PointerEvent, tile: HTMLElement) => {
    const box = tile.getBoundingClientRect();
    const x = ((clientX - box.left) / box.width) * width;
    paintAt(x, ((clientY - box.top) / box.height) * height);
  };
  return (
    <div class="paint">
      <div
        class="paint-tile"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard paints here too.
        tabIndex={0}
        role="application"
        aria-label="The weights, to paint on. Arrow keys move the brush, space paints."
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          isPainting.current = true;
          paintUnder(event, event.currentTarget);
        }}
        onPointerMove={(event) => {
          if (isPainting.current) paintUnder(event, event.currentTarget);
        }}
        onPointerUp={() => {
          isPainting.current = false;
        }}
        onPointerCancel={() => {
          isPainting.current = false;
        }}
        onKeyDown={(event) => {
          const move = MOVES[event.key];
          if (move === undefined && event.key !== ' ') return;
          event.preventDefault();
          if (move === undefined) paintAt(cursor[0] + 0.5, cursor[1] + 0.5);
          else {
            const within = (at: number, side: number) => Math.min(side - 1, Math.max(0, at));
            setCursor([within(cursor[0] + move[0], width), within(cursor[1] + move[1], height)]);
          }
        }}
      >
        <Pixels
          values={values}
          height={height}
          width={width}
          scale={scale}
          colours="signed"
          label=""
        />
        <i
          class="brush"
          style={{
            left: `${(cursor[0] * 100) / width}%`,
            top: `${(cursor[1] * 100) / height}%`,
            width: `${100 / width}%`,
          }}
        />
      </div>
      <Segmented
        legend="Paint where it"
        choices={[
          { value: 'ink', label: 'wants ink' },
          { value: 'none', label: 'wants none' },
        ]}
        value={want}
        onChange={setWant}
      />
    </div>
  );
}
