import { useState } from 'preact/hooks';
import { decimal } from '../../../parts/format.js';
import { mapOf } from '../../../parts/maps.js';
import { largest, Pixels } from '../../../parts/pixels.js';
import { stageTrace } from '../../../state/stage.js';
import type { NetworkPicture } from '../../../worker/protocol.js';
import { imageOf } from '../net/units.js';
import { fieldAt, placeUnder, productsAt } from './kernel-field.js';

const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

interface Props {
  readonly unit: number;
  readonly picture: NetworkPicture;
}

/** A filter of the first layer to drag over one's own digit: what it makes of each place, in numbers. */
export function KernelDrag({ unit, picture }: Props) {
  const { window } = picture;
  const trace = stageTrace.value;
  const map = trace && mapOf(trace, 1, unit);
  const [chosen, setChosen] = useState<readonly [number, number] | null>(null);
  // Behind a pool the filter does not see the pixels themselves.
  if (window?.height !== 28 || map?.height !== window.outHeight) return null;
  const loudest = map.values.indexOf(map.values.reduce((a, b) => Math.max(a, b)));
  const [column, row] = chosen ?? [loudest % map.width, Math.floor(loudest / map.width)];
  const kernel = imageOf(picture, unit);
  const input = { values: trace!.activations[0]!, height: window.height, width: window.width };
  const products = productsAt(input, kernel, window, column, row);
  const sum = products.reduce((total, product) => total + product, 0);
  const said = map.values[row * map.width + column]!;
  const drag = (event: PointerEvent, image: HTMLElement) => {
    const box = image.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    setChosen(placeUnder(window, x * window.width, y * window.height));
  };
  return (
    <div class="kernel-drag">
      <h3>Drag it over the image</h3>
      <div
        class="kernel-image"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard moves the filter, too.
        tabIndex={0}
        role="application"
        aria-label={`Filter ${unit} over the image. Arrow keys move it.`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drag(event, event.currentTarget);
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId))
            drag(event, event.currentTarget);
        }}
        onKeyDown={(event) => {
          const move = MOVES[event.key];
          if (move === undefined) return;
          event.preventDefault();
          const within = (at: number, size: number) => Math.min(size - 1, Math.max(0, at));
          setChosen([within(column + move[0], map.width), within(row + move[1], map.height)]);
        }}
      >
        <Pixels {...input} scale={1} label="" />
        <div class="kernel-frame" style={fieldAt(window, column, row)}>
          <Pixels {...kernel} scale={largest(kernel.values)} colours="signed" label="" />
        </div>
      </div>
      <div class="kernel-numbers">
        <figure>
          <Pixels
            values={products}
            height={kernel.height}
            width={kernel.width}
            scale={Math.max(largest(products), largest(kernel.values))}
            colours="signed"
            label="Each pixel under the filter times its weight"
          />
          <figcaption class="hint">pixel × weight</figcaption>
        </figure>
        <figure>
          <Pixels
            {...map}
            scale={largest(map.values)}
            colours="signed"
            label="What the filter says at every place"
          />
          <figcaption class="hint">at every place</figcaption>
        </figure>
      </div>
      <p role="status">
        At column {column}, row {row}, the products add up to{' '}
        <b class="number">{decimal(sum, 3)}</b>; with what follows in its layer the filter says{' '}
        <b class="number">{decimal(said, 3)}</b> there.
      </p>
    </div>
  );
}
